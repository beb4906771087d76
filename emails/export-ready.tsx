import { formatInstant, formatSize } from "../lib/format.ts"
import { linkTo } from "./link.ts"
import { Action } from "./parts/action.tsx"
import { Details } from "./parts/details.tsx"
import { Paragraph } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Says that the data somebody asked for can be fetched, and until when. */
export const exportReady: EmailTemplate<"export-ready"> = ({ props, locale, brand, appUrl }) => {
  const { userName, fileSize, requestedAt } = props
  const moment = (instant: string) => formatInstant(instant, locale, props.timeZone)
  const words = inLocale(locale, {
    "pt-BR": {
      subject: "Seus dados estão prontos para baixar",
      preview: `O link vale até ${moment(props.expiresAt)}.`,
      title: "Seus dados estão prontos",
      ready: `Olá${userName ? `, ${userName}` : ""}! O arquivo que você pediu já pode ser baixado.`,
      action: "Baixar o arquivo",
      content: "Conteúdo",
      file: "Arquivo",
      requested: "Pedido em",
      until: "Disponível até",
      care: "O arquivo pode conter dados pessoais: guarde-o em lugar seguro e não encaminhe este link.",
      disclaimer: `Não foi você quem pediu? Avise a equipe ${brand} o quanto antes.`,
      reason: `Você recebeu este e-mail porque uma exportação de dados foi pedida em ${brand}.`,
    },
    en: {
      subject: "Your data are ready to download",
      preview: `Available until ${moment(props.expiresAt)}.`,
      title: "Your data are ready",
      ready: `Hi${userName ? ` ${userName}` : ""}! The file you asked for is ready to download.`,
      action: "Download the file",
      content: "Contents",
      file: "File",
      requested: "Requested on",
      until: "Available until",
      care: "The file may hold personal data: keep it in a safe place, and do not forward this message.",
      disclaimer: `Not you? Tell the ${brand} team as soon as you can.`,
      reason: `You received this email because an export of data was requested at ${brand}.`,
    },
  })
  const contents = inLocale(locale, {
    "pt-BR": {
      "user-data": "Seus dados pessoais",
      properties: "Imóveis",
      contracts: "Contratos",
      tables: "Tabelas escolhidas",
      all: "Todos os dados",
    },
    en: {
      "user-data": "Your personal data",
      properties: "Properties",
      contracts: "Contracts",
      tables: "Chosen tables",
      all: "All data",
    },
  })
  const size = fileSize === undefined ? [] : [formatSize(fileSize, locale)]

  return {
    ...words,
    content: (
      <>
        <Paragraph>{words.ready}</Paragraph>
        <Details
          rows={[
            { label: words.content, value: contents[props.type] },
            { label: words.file, value: [props.format.toUpperCase(), ...size].join(", ") },
            { label: words.requested, value: requestedAt && moment(requestedAt) },
            { label: words.until, value: <strong>{moment(props.expiresAt)}</strong> },
          ]}
        />
        <Action href={linkTo(props.downloadUrl, appUrl)}>{words.action}</Action>
        <Paragraph>{words.care}</Paragraph>
        <Paragraph>{words.disclaimer}</Paragraph>
      </>
    ),
  }
}
