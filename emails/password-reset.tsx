import { formatDuration } from "../lib/format.ts"
import { linkTo } from "./link.ts"
import { Action, Fallback } from "./parts/action.tsx"
import { Paragraph } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Lets whoever has forgotten a password choose another. */
export const passwordReset: EmailTemplate<"password-reset"> = ({ props, locale, brand, appUrl }) => {
  const time = formatDuration(props.expiresInMinutes, locale)
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `${brand}: redefina sua senha`,
      preview: `O link vale por ${time}.`,
      title: "Redefina sua senha",
      request: `Olá, ${props.userName}! Recebemos um pedido para redefinir a senha da sua conta ${brand}.`,
      action: "Criar nova senha",
      expiry: `O link vale por ${time}.`,
      disclaimer:
        "Não foi você quem pediu? Então não faça nada: sua senha continua a mesma. Nunca encaminhe esta mensagem a outra pessoa.",
      reason: `Você recebeu este e-mail porque alguém pediu para redefinir a senha desta conta ${brand}.`,
    },
    en: {
      subject: `${brand}: reset your password`,
      preview: `The button works for ${time}.`,
      title: "Reset your password",
      request: `Hi ${props.userName}! We received a request to reset the password of your ${brand} account.`,
      action: "Choose a new password",
      expiry: `The button works for ${time}.`,
      disclaimer:
        "Not you? Then there is nothing to do: your password stays as it is. Never forward this message to anybody.",
      reason: `You received this email because somebody asked to reset the password of this ${brand} account.`,
    },
  })
  const url = linkTo(props.resetUrl, appUrl)

  return {
    ...words,
    content: (
      <>
        <Paragraph>{words.request}</Paragraph>
        <Action href={url}>{words.action}</Action>
        <Paragraph>{words.expiry}</Paragraph>
        <Paragraph>{words.disclaimer}</Paragraph>
        <Fallback url={url} locale={locale} />
      </>
    ),
  }
}
