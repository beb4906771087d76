import { Column, Link, Row, Section } from "@react-email/components"
import type { Locale } from "../lib/locale.ts"
import { Action, Paragraph, SmallPrint } from "./parts.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"
import { mono, paint } from "./theme.ts"

/** Asks the reader to prove that the address is theirs, by a link or by a code. */
export const verification: EmailTemplate<"verification"> = ({ props, locale, brand }) => {
  const time = duration(props.expiresInHours, locale)
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
      fallback: "Se o botão não funcionar, copie este endereço e cole no navegador:",
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
      fallback: "If the button does not work, copy this address and paste it into your browser:",
      reason: `You received this email because this address was used to sign up for ${brand}.`,
    },
  })

  return {
    ...words,
    content: (
      <>
        <Paragraph>{words.request}</Paragraph>
        <Action href={props.verificationUrl}>{words.action}</Action>
        {props.code && (
          <>
            <Paragraph>{words.code}</Paragraph>
            <Code>{props.code}</Code>
          </>
        )}
        <Paragraph>{words.expiry}</Paragraph>
        <Paragraph>{words.disclaimer}</Paragraph>
        <Fallback words={words.fallback} url={props.verificationUrl} />
      </>
    ),
  }
}

function Code({ children }: { children: string }) {
  const box = { padding: "16px 8px", border: "1px solid", borderRadius: 8, textAlign: "center" } as const
  const digits = { fontFamily: mono, fontSize: 28, lineHeight: "40px", letterSpacing: "0.05em" }
  return (
    <Row style={{ tableLayout: "fixed", marginTop: 16 }}>
      <Column {...paint("panel", box)}>
        <Paragraph style={{ ...digits, margin: 0, fontWeight: 600 }}>{children}</Paragraph>
      </Column>
    </Row>
  )
}

function Fallback({ words, url }: { words: string; url: string }) {
  return (
    <Section data-skip-in-text="true" style={{ tableLayout: "fixed" }}>
      <SmallPrint style={{ margin: "24px 0 0", paddingTop: 20, borderTop: "1px solid" }}>
        {words}
        <br />
        <Link href={url} {...paint("link", { wordBreak: "break-all" })}>
          {url}
        </Link>
      </SmallPrint>
    </Section>
  )
}

function duration(hours: number, locale: Locale): string {
  const days = hours / 24
  const [amount, unit] = days > 1 && Number.isInteger(days) ? [days, "day"] : [hours, "hour"]
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(amount)
}
