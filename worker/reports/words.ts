import type { Locale } from "../../lib/locale.ts"
import type { ReportType } from "../../lib/reports/period.ts"

/** Words by the language they are in. */
export const inLanguage = <Words>(locale: Locale, words: Record<Locale, Words>): Words => words[locale]

/** What a report is called. */
export const titleOf = (type: ReportType, locale: Locale): string =>
  inLanguage(locale, {
    "pt-BR": {
      daily: "Relatório diário",
      weekly: "Relatório semanal",
      monthly: "Relatório mensal",
      yearly: "Relatório anual",
      custom: "Relatório do período",
    },
    en: {
      daily: "Daily report",
      weekly: "Weekly report",
      monthly: "Monthly report",
      yearly: "Yearly report",
      custom: "Report of a period",
    },
  })[type]
