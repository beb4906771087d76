import { Action, Paragraph } from "./parts.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"
import { paint, sans, wrapped } from "./theme.ts"

type Highlight = { label: string; value: string }

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
  const url = reportUrl ?? appUrl

  return {
    ...words,
    preview: highlights.map(({ label, value }) => `${label}: ${value}`).join(" · ") || words.ready,
    content: (
      <>
        <Paragraph>
          {words.ready} {highlights.length > 0 && words.figures}
        </Paragraph>
        {highlights.length > 0 && <Figures highlights={highlights} />}
        {url && <Action href={url}>{words.action}</Action>}
        <Paragraph>{words.farewell}</Paragraph>
      </>
    ),
  }
}

function Figures({ highlights }: { highlights: Highlight[] }) {
  const list = { width: "100%", tableLayout: "fixed", marginTop: 16 } as const
  const type = { fontFamily: sans, fontSize: 16, lineHeight: "24px", ...wrapped }
  const cell = { padding: "12px 0", borderTop: "1px solid", ...type }
  const name = { ...cell, paddingRight: 12, width: "45%", textAlign: "left", fontWeight: 400 } as const
  const figure = { ...cell, textAlign: "right", fontSize: 17, fontWeight: 700 } as const
  return (
    <table data-text-format="dataTable" cellSpacing="0" style={list}>
      <tbody>
        {highlights.map(({ label, value }) => (
          <tr key={label}>
            <th scope="row" {...paint("muted", name)}>
              {label}
            </th>
            <td {...paint("ink", figure)}>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
