import type { ReactNode } from "react"
import type { TemplateName, TemplateProps } from "../lib/emails/index.ts"
import type { Locale } from "../lib/locale.ts"

/** Who writes, in which language, and where the reader finds the application. */
export type Sender = {
  locale: Locale
  brand: string
  appUrl?: string | undefined
  /** Where they can say that they want no more of such mail. */
  unsubscribeUrl?: string | undefined
}

/** One mail as the layout takes it; `preview` is what an inbox shows after the subject. */
export type Letter = { subject: string; preview: string; title: string; reason: string; content: ReactNode }

/** A template writes the letter; the layout around it is the same for all. */
export type EmailTemplate<Name extends TemplateName> = (
  context: Sender & { props: TemplateProps<Name> },
) => Letter

type Translations<Words> = { "pt-BR": Words } & { [Other in Exclude<Locale, "pt-BR">]: NoInfer<Words> }

/** The words of one language; Portuguese sets the shape and no other language compiles without all of it. */
export function inLocale<Words extends object>(locale: Locale, translations: Translations<Words>): Words {
  return translations[locale]
}
