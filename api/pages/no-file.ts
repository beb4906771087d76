import { html } from "../../lib/html.ts"
import type { Locale } from "../../lib/locale.ts"
import type { HttpError } from "../errors.ts"
import { page } from "./page.ts"

/** Why a link leads to no file. */
export type NoFile = "none" | "expired" | "gone" | "away"

type Words = Record<NoFile, { title: string; text: string }>

const WORDS: Record<Locale, Words> = {
  "pt-BR": {
    none: {
      title: "Este link não funciona",
      text: "Copie-o inteiro do e-mail ou da mensagem em que veio, ou peça um novo a quem o enviou.",
    },
    expired: {
      title: "Este link expirou",
      text: "Por segurança, os links valem por pouco tempo. Peça um novo a quem o enviou.",
    },
    gone: {
      title: "Este arquivo não está mais disponível",
      text: "Os arquivos são guardados por tempo limitado. Peça um novo link a quem enviou este.",
    },
    away: {
      title: "O arquivo não pode ser baixado agora",
      text: "O link continua valendo. Tente novamente daqui a pouco.",
    },
  },
  en: {
    none: {
      title: "This link does not work",
      text: "Copy it whole from the e-mail or message that it came in, or ask whoever sent it for a new one.",
    },
    expired: {
      title: "This link has expired",
      text: "For safety, links are good for a short time. Ask whoever sent it for a new one.",
    },
    gone: {
      title: "This file is no longer available",
      text: "Files are kept for a limited time. Ask whoever sent the link for a new one.",
    },
    away: {
      title: "The file cannot be downloaded right now",
      text: "The link is still good. Try again in a moment.",
    },
  },
}

/** Tells whoever has followed a link in a browser why there is no file, with the status and the headers that programs get. */
export function noFilePage(why: NoFile, locale: Locale, { status, headers }: HttpError): Response {
  const { title, text } = WORDS[locale][why]
  return page(locale, title, html`<p>${text}</p>`, { status, headers })
}
