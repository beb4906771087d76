import { invoiceTotal } from "../lib/emails/invoice.ts"
import { formatDate, formatMoney, formatMonth } from "../lib/format.ts"
import { Figures } from "./parts/details.tsx"
import { Amount } from "./parts/panel.tsx"
import { Payment } from "./parts/payment.tsx"
import { Paragraph, SmallPrint, Subtitle } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Brings the charge of a month: what it comes to, how to pay it, and what it is made of. */
export const invoice: EmailTemplate<"invoice"> = ({ props, locale, ...sender }) => {
  const money = (cents: number) => formatMoney(cents, locale)
  const month = formatMonth(props.referenceMonth, locale)
  const due = formatDate(props.dueDate, locale, "full")
  const total = money(invoiceTotal(props))
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `Fatura do aluguel de ${month}: ${total}`,
      preview: `Vencimento: ${due}.`,
      title: `Fatura do aluguel de ${month}`,
      ready: `Olá, ${props.userName}! A fatura do seu aluguel está disponível.`,
      total: "Total a pagar",
      due: `Vencimento: ${due}`,
      details: "O que está sendo cobrado",
      number: `Fatura ${props.invoiceNumber}`,
      sum: "Total",
      reason: `Você recebeu este e-mail porque seu aluguel é cobrado por ${sender.brand}.`,
    },
    en: {
      subject: `Rent invoice for ${month}: ${total}`,
      preview: `Due on ${due}.`,
      title: `Rent invoice for ${month}`,
      ready: `Hi ${props.userName}! The invoice for your rent is here.`,
      total: "Amount due",
      due: `Due on ${due}`,
      details: "What you are charged for",
      number: `Invoice ${props.invoiceNumber}`,
      sum: "Altogether",
      reason: `You received this email because ${sender.brand} collects your rent.`,
    },
  })

  return {
    ...words,
    content: (
      <>
        <Paragraph>{words.ready}</Paragraph>
        <Amount label={words.total} note={words.due}>
          {total}
        </Amount>
        <Payment props={props} locale={locale} {...sender} />
        <Subtitle>{words.details}</Subtitle>
        <SmallPrint style={{ marginTop: 4 }}>
          {[words.number, props.propertyAddress].filter(Boolean).join(" · ")}
        </SmallPrint>
        <Figures
          rows={[
            ...props.items.map(({ label, amountCents }) => ({ label, value: money(amountCents) })),
            { label: words.sum, value: <strong>{total}</strong> },
          ]}
        />
      </>
    ),
  }
}
