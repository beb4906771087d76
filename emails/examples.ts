import type { TemplateName, TemplateProps } from "../lib/emails/index.ts"

/** Props to look at each template with, in a preview or in a test. */
export const examples: { [Name in TemplateName]: TemplateProps<Name> } = {
  "monthly-report": {
    month: "Janeiro de 2026",
    userName: "Ana Beatriz",
    reportUrl: "https://app.example.com/reports/2026-01",
    highlights: [
      { label: "Novos contratos", value: "12" },
      { label: "Receita de aluguéis", value: "R$ 128.430,00" },
      { label: "Pagamentos em dia", value: "96,4%" },
    ],
  },
  verification: {
    userName: "Ana Beatriz",
    verificationUrl: "https://app.example.com/verify?token=Zm9vYmFyYmF6cXV4&next=%2Fhome",
    code: "482-913",
    expiresInHours: 24,
  },
  welcome: { userName: "Ana Beatriz", loginUrl: "https://app.example.com/login" },
}
