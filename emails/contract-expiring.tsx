import { formatDate, formatMoney } from "../lib/format.ts"
import { linkTo } from "./link.ts"
import { Action } from "./parts/action.tsx"
import { Details } from "./parts/details.tsx"
import { Paragraph } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Warns that a rental contract comes to its end, in time to renew it. */
export const contractExpiring: EmailTemplate<"contract-expiring"> = ({ props, locale, brand, appUrl }) => {
  const { userName, contractUrl, rentCents } = props
  const end = formatDate(props.endDate, locale)
  const reply = props.replyBy && formatDate(props.replyBy, locale)
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `Contrato de aluguel termina em ${end}`,
      title: `O contrato termina em ${end}`,
      notice: `Olá, ${userName}! O contrato de aluguel abaixo está chegando ao fim.`,
      choice: reply
        ? `Se a ideia é renovar, avise até ${reply}.`
        : "Se a ideia é renovar, avise o quanto antes.",
      property: "Imóvel",
      contract: "Contrato",
      end: "Término",
      renter: "Inquilino",
      owner: "Proprietário",
      rent: "Aluguel mensal",
      action: contractUrl ? "Ver o contrato" : `Abrir ${brand}`,
      reason: `Você recebeu este e-mail porque ${brand} administra este contrato de aluguel.`,
    },
    en: {
      subject: `Rental contract ends on ${end}`,
      title: `The contract ends on ${end}`,
      notice: `Hi ${userName}! The rental contract below is coming to its end.`,
      choice: reply
        ? `If it is to be renewed, let us know by ${reply}.`
        : "If it is to be renewed, let us know soon.",
      property: "Property",
      contract: "Contract",
      end: "Ends on",
      renter: "Tenant",
      owner: "Landlord",
      rent: "Monthly rent",
      action: contractUrl ? "See the contract" : `Open ${brand}`,
      reason: `You received this email because ${brand} manages this rental contract.`,
    },
  })
  const url = linkTo(contractUrl, appUrl) ?? appUrl

  return {
    ...words,
    preview: words.choice,
    content: (
      <>
        <Paragraph>
          {words.notice} {words.choice}
        </Paragraph>
        <Details
          rows={[
            { label: words.property, value: props.propertyAddress },
            { label: words.end, value: <strong>{end}</strong> },
            { label: words.contract, value: props.contractNumber },
            { label: words.renter, value: props.renterName },
            { label: words.owner, value: props.ownerName },
            {
              label: words.rent,
              value: rentCents === undefined ? rentCents : formatMoney(rentCents, locale),
            },
          ]}
        />
        {url && <Action href={url}>{words.action}</Action>}
      </>
    ),
  }
}
