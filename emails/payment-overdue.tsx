import type { TemplateProps } from "../lib/emails/index.ts"
import { overdueTotal } from "../lib/emails/payment-overdue.ts"
import { formatCount, formatDate, formatMoney, formatMonth, formatPercent } from "../lib/format.ts"
import type { Locale } from "../lib/locale.ts"
import { Figures } from "./parts/details.tsx"
import { Amount } from "./parts/panel.tsx"
import { Payment } from "./parts/payment.tsx"
import { Paragraph, SmallPrint, Subtitle } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Asks for rent that is overdue: what it comes to by now and why; the last time, in other words. */
export const paymentOverdue: EmailTemplate<"payment-overdue"> = ({ props, locale, ...sender }) => {
  const money = (cents: number) => formatMoney(cents, locale)
  const asked = (cents: number) => (cents > 0 ? money(cents) : undefined)
  const words = wordsOf(locale, props, sender.brand)
  const total = money(overdueTotal(props))

  return {
    ...words,
    preview: `${words.total}: ${total}. ${words.paid}`,
    content: (
      <>
        <Paragraph>{words.missing}</Paragraph>
        {props.finalNotice && <Paragraph>{words.last}</Paragraph>}
        <Amount label={words.total} note={words.asOf} late>
          {total}
        </Amount>
        <Payment props={props} locale={locale} {...sender} />
        <Subtitle>{words.details}</Subtitle>
        {props.propertyAddress && <SmallPrint style={{ marginTop: 4 }}>{props.propertyAddress}</SmallPrint>}
        <Figures
          rows={[
            { label: words.rent, value: money(props.amountCents) },
            { label: words.lateFee, value: asked(props.lateFeeCents) },
            { label: words.interest, value: asked(props.interestCents) },
            { label: words.sum, value: <strong>{total}</strong> },
          ]}
        />
        <Paragraph>{words.paid}</Paragraph>
      </>
    ),
  }
}

function wordsOf(locale: Locale, props: TemplateProps<"payment-overdue">, brand: string) {
  const { userName, finalNotice, lateFeePercent, condoLateFeePercent, interestPercentMonth } = props
  const rate = (percent: number) => formatPercent(percent, locale)
  const paid = props.paidCents ? formatMoney(props.paidCents, locale) : undefined
  const month = formatMonth(props.referenceMonth, locale)
  const due = formatDate(props.dueDate, locale)
  const today = formatDate(props.calculatedOn, locale)
  const late = formatCount(props.daysOverdue, "day", locale)
  return inLocale(locale, {
    "pt-BR": {
      subject: `${finalNotice ? "Último aviso: aluguel" : "Aluguel"} de ${month} em atraso há ${late}`,
      title: finalNotice ? "Último aviso: seu aluguel está em atraso" : "Seu aluguel está em atraso",
      missing: paid
        ? `Olá, ${userName}. Recebemos ${paid} do aluguel de ${month}, que venceu em ${due}, e falta o restante.`
        : `Olá, ${userName}. Não identificamos o pagamento do aluguel de ${month}, que venceu em ${due}.`,
      last: "Este é o último aviso antes das medidas previstas no contrato. Se precisar negociar, fale conosco hoje mesmo.",
      total: "Valor atualizado",
      asOf: `Para pagamento em ${today}, com ${late} de atraso`,
      details: "Como chegamos a esse valor",
      rent: paid ? `Saldo do aluguel de ${month}` : `Aluguel de ${month}`,
      lateFee: [
        "Multa",
        ...(lateFeePercent === undefined ? [] : [` de ${rate(lateFeePercent)}`]),
        ...(condoLateFeePercent === undefined ? [] : [`, do condomínio ${rate(condoLateFeePercent)}`]),
      ].join(""),
      interest: `Juros${interestPercentMonth === undefined ? "" : ` de ${rate(interestPercentMonth)} ao mês`}`,
      sum: "Total",
      paid: "Já pagou? Obrigado! Pode desconsiderar este aviso.",
      reason: `Você recebeu este e-mail porque seu aluguel é cobrado por ${brand}.`,
    },
    en: {
      subject: `${finalNotice ? "Final notice: rent" : "Rent"} for ${month} is ${late} overdue`,
      title: finalNotice ? "Final notice: your rent is overdue" : "Your rent is overdue",
      missing: paid
        ? `Hello ${userName}. We have received ${paid} of the rent for ${month}, which was due on ${due}, and the rest is missing.`
        : `Hello ${userName}. We have not received the rent for ${month}, which was due on ${due}.`,
      last: "This is the final notice before the measures set out in the contract. If you need to negotiate, talk to us today.",
      total: "Amount owed",
      asOf: `If paid on ${today}, ${late} late`,
      details: "How we got there",
      rent: paid ? `Rest of the rent for ${month}` : `Rent for ${month}`,
      lateFee: [
        "Late fee",
        ...(lateFeePercent === undefined ? [] : [` of ${rate(lateFeePercent)}`]),
        ...(condoLateFeePercent === undefined
          ? []
          : [`, on the condominium fee ${rate(condoLateFeePercent)}`]),
      ].join(""),
      interest: `Interest${interestPercentMonth === undefined ? "" : ` of ${rate(interestPercentMonth)} a month`}`,
      sum: "Altogether",
      paid: "Paid already? Thank you! Please ignore this notice.",
      reason: `You received this email because ${brand} collects your rent.`,
    },
  })
}
