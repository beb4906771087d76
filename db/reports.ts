import type { ReportContent } from "../lib/jobs/report.ts"
import type { Locale } from "../lib/locale.ts"
import type { ReportType } from "../lib/reports/period.ts"
import type { NamedFiles } from "./files/named.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** A report that is stored. */
export interface StoredReport {
  id: number
  storageKey: string
  /** Bytes. */
  fileSize: number
  highlights: { label: string; value: string }[]
}

interface NewReport extends Omit<StoredReport, "id"> {
  runId: string
  agencyId: number | null
  userId: number | null
  type: ReportType
  content: ReportContent[]
  startDate: string
  endDate: string
  format: "pdf" | "xlsx" | "csv"
  locale: Locale
}

/** The report that a run has made, if it has. */
export async function findReportOf(runId: string, db: Db = pool()): Promise<StoredReport | undefined> {
  const [report] = await db<StoredReport[]>`
    select id, storage_key, file_size, highlights
    from reports
    where run_id = ${runId}
  `
  return report
}

/** Record a report that is stored; that of a run that has one already takes its place. */
export async function recordReport(report: NewReport, db: Db = pool()): Promise<StoredReport> {
  const row = { ...report, highlights: db.json(report.highlights) }
  const [recorded] = await db<StoredReport[]>`
    insert into reports ${db(row)}
    on conflict (run_id) do update
    set storage_key = excluded.storage_key, file_size = excluded.file_size, highlights = excluded.highlights
    returning id, storage_key, file_size, highlights
  `
  return recorded!
}

/** Reports that nobody has a link to any more. */
export const oldReports: Aged = {
  table: "reports",
  since: "created_at",
  target: "old-exports",
  atLeast: { interval: "15 days", why: "a link to it may not have expired" },
  file: "storage_key",
}

/** The files of reports. */
export const reportFiles: NamedFiles = {
  table: "reports",
  column: "storage_key",
  folder: "reports/",
  storage: "files",
}
