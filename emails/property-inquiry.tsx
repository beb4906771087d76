import { formatInstant } from "../lib/format.ts"
import { linkTo } from "./link.ts"
import { Action } from "./parts/action.tsx"
import { Details } from "./parts/details.tsx"
import { Panel } from "./parts/panel.tsx"
import { Lines, Paragraph, TextLink } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Passes on to a broker what somebody is interested in a property. */
export const propertyInquiry: EmailTemplate<"property-inquiry"> = ({ props, locale, brand, appUrl }) => {
  const { userName, leadName, leadEmail, leadPhone, propertyTitle, message, receivedAt, leadUrl } = props
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `${leadName} tem interesse em ${propertyTitle}`,
      title: "Alguém se interessou por um imóvel",
      news: `Olá${userName ? `, ${userName}` : ""}! ${leadName} pediu informações sobre:`,
      address: "Endereço",
      email: "E-mail",
      phone: "Telefone",
      source: "Origem",
      received: "Recebido em",
      action: leadUrl ? "Ver o contato" : `Abrir ${brand}`,
      reason: `Você recebeu este e-mail porque você atende os contatos deste imóvel em ${brand}.`,
    },
    en: {
      subject: `${leadName} is interested in ${propertyTitle}`,
      title: "Somebody is interested in a property",
      news: `Hi${userName ? ` ${userName}` : ""}! ${leadName} would like to know more about:`,
      address: "Address",
      email: "Email",
      phone: "Phone",
      source: "Came through",
      received: "Received on",
      action: leadUrl ? "See the contact" : `Open ${brand}`,
      reason: `You received this email because you answer the inquiries about this property at ${brand}.`,
    },
  })
  const url = linkTo(leadUrl, appUrl) ?? appUrl
  const page = linkTo(props.propertyUrl, appUrl)

  return {
    ...words,
    preview: message ?? `${words.news} ${propertyTitle}`,
    content: (
      <>
        <Paragraph>{words.news}</Paragraph>
        <Paragraph style={{ fontWeight: 700 }}>
          {page ? <TextLink href={page}>{propertyTitle}</TextLink> : propertyTitle}
        </Paragraph>
        {message && (
          <Panel>
            <Paragraph style={{ margin: 0 }}>
              <Lines>{message}</Lines>
            </Paragraph>
          </Panel>
        )}
        <Details
          rows={[
            {
              label: words.email,
              value: leadEmail && <TextLink href={`mailto:${leadEmail}`}>{leadEmail}</TextLink>,
            },
            {
              label: words.phone,
              value: leadPhone && (
                <TextLink href={`tel:${leadPhone.replace(/[^+\d]/g, "")}`}>{leadPhone}</TextLink>
              ),
            },
            { label: words.address, value: props.propertyAddress },
            { label: words.source, value: props.source },
            { label: words.received, value: receivedAt && formatInstant(receivedAt, locale, props.timeZone) },
          ]}
        />
        {url && <Action href={url}>{words.action}</Action>}
      </>
    ),
  }
}
