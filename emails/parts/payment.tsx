import type { Locale } from "../../lib/locale.ts"
import { linkTo } from "../link.ts"
import { inLocale, type Sender } from "../template.ts"
import { mono, paint } from "../theme.ts"
import { Action } from "./action.tsx"
import { Panel } from "./panel.tsx"
import { Paragraph, SmallPrint, Subtitle } from "./text.tsx"

interface Ways {
  pixCode?: string | undefined
  payeeName?: string | undefined
  payeeContact?: string | undefined
  invoiceUrl?: string | undefined
}

/** How to pay: by a PIX code to copy, if there is one, else by what whom one pays says; and by the invoice. */
export function Payment({ props, locale, brand, appUrl }: Sender & { props: Ways }) {
  const { pixCode, payeeName, payeeContact } = props
  const words = wordsOf(locale, brand, props)
  const url = linkTo(props.invoiceUrl, appUrl) ?? appUrl
  return (
    <>
      {pixCode && (
        <>
          <Subtitle>{words.pix}</Subtitle>
          <Paragraph style={{ marginTop: 8 }}>{words.how}</Paragraph>
          <Code>{pixCode}</Code>
          {payeeName && <SmallPrint>{words.check}</SmallPrint>}
          {payeeContact && <SmallPrint>{words.questions}</SmallPrint>}
        </>
      )}
      {!pixCode && payeeContact && (
        <>
          <Subtitle>{words.noPix}</Subtitle>
          <Paragraph style={{ marginTop: 8 }}>{words.ask}</Paragraph>
          <Paragraph style={{ marginTop: 4 }}>{payeeContact}</Paragraph>
        </>
      )}
      {url && <Action href={url}>{words.action}</Action>}
    </>
  )
}

/** Whole at one touch, where that can be; and with nothing in it that is not in the code. */
function Code({ children }: { children: string }) {
  const copied = { userSelect: "all", WebkitUserSelect: "all", whiteSpace: "pre-wrap" } as const
  const type = { fontFamily: mono, fontSize: 14, lineHeight: "22px", wordBreak: "break-all" } as const
  return (
    <Panel>
      <pre {...paint("muted", { margin: 0, ...type, ...copied })}>{children}</pre>
    </Panel>
  )
}

function wordsOf(locale: Locale, brand: string, { invoiceUrl, payeeContact, payeeName = brand }: Ways) {
  return inLocale(locale, {
    "pt-BR": {
      pix: "Pague com PIX",
      how: "Copie o código abaixo e cole no aplicativo do seu banco, em “PIX\u00a0copia\u00a0e\u00a0cola”.",
      check: `Antes de confirmar, veja se quem recebe é ${payeeName}.`,
      questions: `Dúvidas? Fale com ${payeeName}: ${payeeContact}`,
      noPix: "Como pagar",
      ask: `Esta mensagem não tem código PIX. Combine o pagamento com ${payeeName}:`,
      action: invoiceUrl ? "Ver a fatura" : `Abrir ${brand}`,
    },
    en: {
      pix: "Pay with PIX",
      how: "Copy this code and paste it into your bank's app, under “PIX\u00a0copia\u00a0e\u00a0cola”.",
      check: `Before you confirm, make sure that the money goes to ${payeeName}.`,
      questions: `Any questions? Ask ${payeeName}: ${payeeContact}`,
      noPix: "How to pay",
      ask: `There is no PIX code in this message. Agree on the payment with ${payeeName}:`,
      action: invoiceUrl ? "See the invoice" : `Open ${brand}`,
    },
  })
}
