import { formatInstant, formatPeriod, formatSize } from "../lib/format.ts"
import { linkTo } from "./link.ts"
import { Action } from "./parts/action.tsx"
import { Highlights } from "./parts/details.tsx"
import { Paragraph, SmallPrint } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Says that a report is ready, with its figures at a glance. */
export const reportReady: EmailTemplate<"report-ready"> = ({ props, locale, brand, appUrl }) => {
  const { userName, type, fileSize, expiresAt, highlights } = props
  const period = formatPeriod(props.startDate, props.endDate, locale)
  const until = expiresAt && formatInstant(expiresAt, locale, props.timeZone)
  const file = [props.format.toUpperCase(), ...(fileSize === undefined ? [] : [formatSize(fileSize, locale)])]
  const kind = inLocale(locale, {
    "pt-BR": { daily: " diário", weekly: " semanal", monthly: " mensal", yearly: " anual", custom: "" },
    en: { daily: "daily ", weekly: "weekly ", monthly: "monthly ", yearly: "yearly ", custom: "" },
  })[type]
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `Seu relatório${kind} está pronto: ${period}`,
      title: `Seu relatório${kind} está pronto`,
      ready: `Olá${userName ? `, ${userName}` : ""}! O relatório${kind} de ${period} já pode ser baixado.`,
      action: "Baixar o relatório",
      file: `Arquivo: ${file.join(", ")}.`,
      expiry: until ? ` O link vale até ${until}.` : "",
      reason: `Você recebeu este e-mail porque este relatório foi pedido ou agendado em ${brand}.`,
    },
    en: {
      subject: `Your ${kind}report is ready: ${period}`,
      title: `Your ${kind}report is ready`,
      ready: `Hi${userName ? ` ${userName}` : ""}! The ${kind}report for ${period} is ready to download.`,
      action: "Download the report",
      file: `File: ${file.join(", ")}.`,
      expiry: until ? ` Available until ${until}.` : "",
      reason: `You received this email because this report was requested or scheduled at ${brand}.`,
    },
  })

  return {
    ...words,
    preview: highlights.map(({ label, value }) => `${label}: ${value}`).join(" · ") || words.ready,
    content: (
      <>
        <Paragraph>{words.ready}</Paragraph>
        <Highlights highlights={highlights} />
        <Action href={linkTo(props.downloadUrl, appUrl)}>{words.action}</Action>
        <SmallPrint>
          {words.file}
          {words.expiry}
        </SmallPrint>
      </>
    ),
  }
}
