import { z } from "zod"
import { withExample } from "./example.ts"
import { highlights, line, link, userName } from "./fields.ts"

/** What the `monthly-report` mail says: the month in words, figures to show at a glance, a link to the whole. */
export const monthlyReportProps = withExample(
  z.object({
    month: line(60),
    userName: userName.optional(),
    reportUrl: link.optional(),
    highlights,
  }),
  {
    month: "Janeiro de 2026",
    userName: "Ana Beatriz",
    reportUrl: "https://app.example.com/reports/2026-01",
    highlights: [
      { label: "Novos contratos", value: "12" },
      { label: "Receita de aluguéis", value: "R$ 128.430,00" },
      { label: "Pagamentos em dia", value: "96,4%" },
    ],
  },
  {
    month: "January 2026",
    highlights: [
      { label: "New contracts", value: "12" },
      { label: "Rent collected", value: "R$128,430.00" },
      { label: "Paid on time", value: "96.4%" },
    ],
  },
)
