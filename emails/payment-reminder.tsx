import { formatDate, formatMoney, formatMonth } from "../lib/format.ts"
import { Amount } from "./parts/panel.tsx"
import { Payment } from "./parts/payment.tsx"
import { Paragraph, SmallPrint } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Reminds of rent before it is due. */
export const paymentReminder: EmailTemplate<"payment-reminder"> = ({ props, locale, ...sender }) => {
  const month = formatMonth(props.referenceMonth, locale)
  const due = formatDate(props.dueDate, locale)
  const total = formatMoney(props.amountCents, locale)
  const paid = props.paidCents ? formatMoney(props.paidCents, locale) : undefined
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `Lembrete: seu aluguel vence em ${due}`,
      preview: `${total}, referente a ${month}. Já pagou? Desconsidere este aviso.`,
      title: `Seu aluguel vence em ${due}`,
      reminder: `Olá, ${props.userName}! Este é um lembrete do aluguel de ${month}.${paid ? ` Já recebemos ${paid}: falta o restante.` : ""}`,
      total: paid ? "Falta pagar" : "Valor a pagar",
      due: `Vencimento: ${formatDate(props.dueDate, locale, "full")}`,
      paid: "Já pagou? Obrigado! Pode desconsiderar este aviso.",
      reason: `Você recebeu este e-mail porque seu aluguel é cobrado por ${sender.brand}.`,
    },
    en: {
      subject: `Reminder: your rent is due on ${due}`,
      preview: `${total} for ${month}. Paid already? Please ignore this reminder.`,
      title: `Your rent is due on ${due}`,
      reminder: `Hi ${props.userName}! This is a reminder of the rent for ${month}.${paid ? ` We have received ${paid}, and the rest is open.` : ""}`,
      total: paid ? "Still to be paid" : "Amount due",
      due: `Due on ${formatDate(props.dueDate, locale, "full")}`,
      paid: "Paid already? Thank you! Please ignore this reminder.",
      reason: `You received this email because ${sender.brand} collects your rent.`,
    },
  })

  return {
    ...words,
    content: (
      <>
        <Paragraph>{words.reminder}</Paragraph>
        <Amount label={words.total} note={words.due}>
          {total}
        </Amount>
        {props.propertyAddress && <SmallPrint>{props.propertyAddress}</SmallPrint>}
        <Payment props={props} locale={locale} {...sender} />
        <Paragraph>{words.paid}</Paragraph>
      </>
    ),
  }
}
