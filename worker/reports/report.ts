import type { Agency } from "../../db/agencies.ts"
import type { ReportContent } from "../../lib/jobs/report.ts"
import type { Locale } from "../../lib/locale.ts"
import type { Period, ReportType } from "../../lib/reports/period.ts"
import type { Figure, Section } from "./section.ts"

/** Which report is wanted, with nothing left to be found out. */
export interface Wanted {
  type: ReportType
  period: Period
  content: ReportContent[]
  format: "pdf" | "xlsx" | "csv"
  locale: Locale
  includeCharts: boolean
  /** Whose it is; prices alone are nobody's. */
  agency: Agency | undefined
  zone: string
  /** The moment it was asked for: what it says of itself was made then, so that it comes out the same however often it is made. */
  at: Date
  /** The last day that it knows of. */
  asOf: string
}

/** A report that can be written, once: its rows are read as it is. */
export interface Report extends Wanted {
  title: string
  /** Who it is from. */
  author: string
  sections: Section[]
}

/** The most telling figures of all sections, at most so many: first those that come first in their section. */
export function highlightsOf(sections: Section[], most: number): Figure[] {
  const places = Math.max(0, ...sections.map(({ figures }) => figures.length))
  const each = Math.max(1, Math.ceil(most / Math.max(1, sections.length)))
  return Array.from({ length: Math.min(places, each) }, (_, place) =>
    sections.flatMap(({ figures }) => figures[place] ?? []),
  )
    .flat()
    .slice(0, most)
}
