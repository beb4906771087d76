import { linkTo } from "./link.ts"
import { Action } from "./parts/action.tsx"
import { Highlights } from "./parts/details.tsx"
import { Paragraph } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Tells how the month went: figures at a glance, the whole report one tap away. */
export const monthlyReport: EmailTemplate<"monthly-report"> = ({ props, locale, brand, appUrl }) => {
  const { month, userName, reportUrl, highlights } = props
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `Seu relatório mensal: ${month}`,
      title: `Relatório de ${month}`,
      ready: `Olá${userName ? `, ${userName}` : ""}! Seu relatório mensal está pronto.`,
      figures: "Veja os destaques:",
      action: reportUrl ? "Ver relatório completo" : `Abrir ${brand}`,
      farewell: "Até o mês que vem!",
      reason: `Você recebeu este e-mail porque sua conta ${brand} recebe relatórios mensais.`,
    },
    en: {
      subject: `Your monthly report: ${month}`,
      title: `${month} report`,
      ready: `Hi${userName ? ` ${userName}` : ""}! Your monthly report is ready.`,
      figures: "Here are the highlights:",
      action: reportUrl ? "Read the full report" : `Open ${brand}`,
      farewell: "See you next month!",
      reason: `You received this email because your ${brand} account receives monthly reports.`,
    },
  })
  const url = linkTo(reportUrl, appUrl) ?? appUrl

  return {
    ...words,
    preview: highlights.map(({ label, value }) => `${label}: ${value}`).join(" · ") || words.ready,
    content: (
      <>
        <Paragraph>
          {words.ready} {highlights.length > 0 && words.figures}
        </Paragraph>
        <Highlights highlights={highlights} />
        {url && <Action href={url}>{words.action}</Action>}
        <Paragraph>{words.farewell}</Paragraph>
      </>
    ),
  }
}
