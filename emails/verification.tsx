import { formatDuration } from "../lib/format.ts"
import { linkTo } from "./link.ts"
import { Action, Fallback } from "./parts/action.tsx"
import { Panel } from "./parts/panel.tsx"
import { Paragraph } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"
import { mono } from "./theme.ts"

/** Asks the reader to prove that the address is theirs, by a link or by a code. */
export const verification: EmailTemplate<"verification"> = ({ props, locale, brand, appUrl }) => {
  const time = formatDuration(props.expiresInHours * 60, locale)
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `${brand}: confirme seu e-mail`,
      preview: `Falta só um passo. Confirme em até ${time}.`,
      title: "Confirme seu e-mail",
      request: `Olá, ${props.userName}! Falta só um passo: confirme que este endereço é seu.`,
      action: "Confirmar e-mail",
      code: "Se preferir, digite este código na tela de confirmação:",
      expiry: `Confirme em até ${time}: depois disso, o pedido expira.`,
      disclaimer: "Não foi você quem pediu? Pode ignorar esta mensagem com tranquilidade.",
      reason: `Você recebeu este e-mail porque este endereço foi informado para uma conta ${brand}.`,
    },
    en: {
      subject: `${brand}: confirm your email address`,
      preview: `Just one step left. Confirm within ${time}.`,
      title: "Confirm your email address",
      request: `Hi ${props.userName}! Just one step left: confirm that this address is yours.`,
      action: "Confirm email address",
      code: "If you prefer, type this code on the confirmation screen:",
      expiry: `Confirm within ${time}: after that, the request expires.`,
      disclaimer: "Not you? You can safely ignore this message.",
      reason: `You received this email because this address was used to sign up for ${brand}.`,
    },
  })
  const url = linkTo(props.verificationUrl, appUrl)

  return {
    ...words,
    content: (
      <>
        <Paragraph>{words.request}</Paragraph>
        <Action href={url}>{words.action}</Action>
        {props.code && (
          <>
            <Paragraph>{words.code}</Paragraph>
            <Code>{props.code}</Code>
          </>
        )}
        <Paragraph>{words.expiry}</Paragraph>
        <Paragraph>{words.disclaimer}</Paragraph>
        <Fallback url={url} locale={locale} />
      </>
    ),
  }
}

function Code({ children }: { children: string }) {
  const digits = { fontFamily: mono, fontSize: 28, lineHeight: "40px", letterSpacing: "0.05em" }
  return (
    <Panel>
      <Paragraph style={{ ...digits, margin: 0, fontWeight: 600, textAlign: "center" }}>{children}</Paragraph>
    </Panel>
  )
}
