import type { TemplateProps } from "../lib/emails/index.ts"
import { formatCount, formatDate, formatMoney, formatMonth } from "../lib/format.ts"
import type { Locale } from "../lib/locale.ts"
import { linkTo } from "./link.ts"
import { Action } from "./parts/action.tsx"
import { Details } from "./parts/details.tsx"
import { Amount } from "./parts/panel.tsx"
import { Paragraph } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Has an agency see to rent itself: its renter was told for the last time, or cannot be told. */
export const rentFollowUp: EmailTemplate<"rent-follow-up"> = ({ props, locale, brand, appUrl }) => {
  const words = wordsOf(locale, props, brand)
  const url = linkTo(props.contractUrl, appUrl) ?? appUrl
  return {
    ...words,
    preview: words.what,
    content: (
      <>
        <Paragraph>
          {words.greeting} {words.what} {words.next}
        </Paragraph>
        <Amount label={words.amount} note={words.asOf} late={props.daysOverdue > 0}>
          {formatMoney(props.amountCents, locale)}
        </Amount>
        <Details
          rows={[
            { label: words.renter, value: props.renterName },
            { label: words.contact, value: props.renterContact },
            { label: words.contract, value: props.contractNumber },
            { label: words.property, value: props.propertyAddress },
            { label: words.month, value: formatMonth(props.referenceMonth, locale) },
            { label: words.due, value: formatDate(props.dueDate, locale) },
          ]}
        />
        {url && <Action href={url}>{words.action}</Action>}
      </>
    ),
  }
}

function wordsOf(locale: Locale, props: TemplateProps<"rent-follow-up">, brand: string) {
  const { userName, renterName, contractNumber, daysOverdue, contractUrl } = props
  const isFinal = props.reason === "final-notice"
  const month = formatMonth(props.referenceMonth, locale)
  const due = formatDate(props.dueDate, locale)
  const on = formatDate(props.calculatedOn, locale)
  const late = formatCount(daysOverdue, "day", locale)
  return inLocale(locale, {
    "pt-BR": {
      subject: isFinal
        ? `Último aviso enviado: contrato ${contractNumber}, aluguel de ${month}`
        : `Inquilino sem contato: contrato ${contractNumber}, aluguel de ${month}`,
      title: isFinal ? "O último aviso foi enviado" : "O inquilino não pôde ser avisado",
      greeting: `Olá, ${userName}!`,
      what: isFinal
        ? `O último aviso do aluguel de ${month}, em atraso há ${late}, foi enviado hoje a ${renterName}.`
        : `Não há por onde avisar ${renterName} do aluguel de ${month}, ${daysOverdue > 0 ? `em atraso há ${late}` : `que vence em ${due}`}: falta um e-mail que receba avisos.`,
      next: isFinal
        ? "Não haverá outro aviso automático: os próximos passos são com vocês."
        : "Avise por outro meio e complete o cadastro.",
      amount: daysOverdue > 0 ? "Valor atualizado" : "Valor a pagar",
      asOf: daysOverdue > 0 ? `Para pagamento em ${on}` : `Vencimento: ${due}`,
      renter: "Inquilino",
      contact: "Contato",
      contract: "Contrato",
      property: "Imóvel",
      month: "Referência",
      due: "Vencimento",
      action: contractUrl ? "Ver o contrato" : `Abrir ${brand}`,
      reason: `Você recebeu este e-mail porque ${brand} envia os avisos de cobrança deste contrato.`,
    },
    en: {
      subject: isFinal
        ? `Final notice sent: contract ${contractNumber}, rent for ${month}`
        : `Tenant out of reach: contract ${contractNumber}, rent for ${month}`,
      title: isFinal ? "The final notice is sent" : "The tenant could not be told",
      greeting: `Hi ${userName}!`,
      what: isFinal
        ? `${renterName} was sent the final notice of the rent for ${month} today, which is ${late} overdue.`
        : `There is no way to tell ${renterName} of the rent for ${month}, which is ${daysOverdue > 0 ? `${late} overdue` : `due on ${due}`}: an email address that takes notices is missing.`,
      next: isFinal
        ? "There will be no other notice by itself: what comes next is up to you."
        : "Tell them in another way, and complete their record.",
      amount: daysOverdue > 0 ? "Amount owed" : "Amount due",
      asOf: daysOverdue > 0 ? `If paid on ${on}` : `Due on ${due}`,
      renter: "Tenant",
      contact: "Contact",
      contract: "Contract",
      property: "Property",
      month: "Rent for",
      due: "Due on",
      action: contractUrl ? "See the contract" : `Open ${brand}`,
      reason: `You received this email because ${brand} sends the payment notices of this contract.`,
    },
  })
}
