import { PermanentError } from "../../lib/errors.ts"
import { checkRows } from "../documents/xlsx/limits.ts"
import type { Run } from "../run.ts"
import { MOST_ROWS_ON_PAPER } from "./pdf.ts"
import type { Report } from "./report.ts"

const lengthOf = ({ sections }: Pick<Report, "sections">) =>
  sections.reduce((sum, { count }) => sum + count, 0)

/** Throws PermanentError for a report of more rows than its format has room for, before any is written. */
export function checkLength(
  report: Pick<Report, "sections" | "format">,
  { onPaper = MOST_ROWS_ON_PAPER } = {},
) {
  const rows = lengthOf(report)
  if (report.format === "xlsx") checkRows(rows)
  if (report.format === "pdf" && rows > onPaper)
    throw new PermanentError(
      `A PDF has room for ${onPaper} rows, and these are ${rows}: ask for XLSX or CSV, for fewer days, or for less content`,
    )
}

/** The same report, which says how far it is as its rows are read. */
export function tellingProgress(report: Report, from: number, run: Pick<Run, "progress">): Report {
  const total = lengthOf(report)
  let read = 0
  async function* told<Rows extends { length: number }>(batches: AsyncIterable<Rows> | Iterable<Rows>) {
    for await (const batch of batches) {
      read += batch.length
      const percentage = Math.min(99, from + Math.floor(((99 - from) * read) / Math.max(1, total)))
      run.progress({ percentage, stage: "writing", message: `${read} of ${total} rows` })
      yield batch
    }
  }
  return { ...report, sections: report.sections.map((section) => ({ ...section, rows: told(section.rows) })) }
}
