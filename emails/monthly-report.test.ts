import { expect, test } from "bun:test"
import { exampleOf } from "../lib/emails/example.ts"
import { monthlyReportProps } from "../lib/emails/monthly-report.ts"
import { renderEmail } from "./render.tsx"
import { brand, portuguese } from "./testing.ts"

test("lists the figures in columns", async () => {
  const { text } = await renderEmail("monthly-report", exampleOf(monthlyReportProps), portuguese)
  expect(text).toContain("Novos contratos       12\nReceita de aluguéis   R$ 128.430,00\n")
})

test("needs nothing but the month", async () => {
  const { html, text } = await renderEmail(
    "monthly-report",
    monthlyReportProps.parse({ month: "Janeiro" }),
    portuguese,
  )

  expect(html).not.toContain("<th")
  expect(text).toContain("Olá! Seu relatório mensal está pronto.\n")
  expect(text).toContain(`Abrir ${brand} ${portuguese.appUrl}\n`)
})
