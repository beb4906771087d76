import { findReportOf, recordReport } from "../../db/reports.ts"
import { report } from "../../lib/jobs/report.ts"
import { mailReport } from "../reports/deliver.ts"
import { askOfEachAgency } from "../reports/each-agency.ts"
import { cellFormat } from "../reports/format.ts"
import { makeReport, type ReportPayload, wantedOf } from "../reports/make.ts"
import type { Wanted } from "../reports/report.ts"
import type { Run } from "../run.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(report, async (payload, run) => {
  if (isOfEachAgency(payload)) {
    const runs = await askOfEachAgency(payload, run)
    run.log(`Asked for the report of ${runs.length} agencies`)
    return { reportId: null, storageKey: null, fileSize: null, runs }
  }
  const wanted = await wantedOf(payload)
  const stored = (await findReportOf(run.id)) ?? (await make(wanted, payload, run))
  if (payload.email) await mailReport(stored, payload.email, wanted, run)
  run.progress({ percentage: 100, stage: "completed", message: "The report is stored" })
  return { reportId: stored.id, storageKey: stored.storageKey, fileSize: stored.fileSize, runs: [] }
})

/** Market prices are nobody's own, everything else is an agency's. */
const isOfEachAgency = ({ agencyId, userId, content }: ReportPayload) =>
  agencyId === undefined && userId === undefined && content.some((each) => each !== "prices")

async function make(wanted: Wanted, { userId }: ReportPayload, run: Run) {
  const { type, content, period, format, locale, agency } = wanted
  const storageKey = `reports/${agency?.id ?? "prices"}/${run.id}/${period.start}_${period.end}.${format}`
  const { fileSize, highlights } = await makeReport(wanted, storageKey, run)
  const asText = cellFormat(locale)
  run.log(`Stored the ${type} report of ${period.start} to ${period.end}`, {
    key: storageKey,
    bytes: fileSize,
  })
  return await recordReport({
    runId: run.id,
    agencyId: agency?.id ?? null,
    userId: userId ?? null,
    type,
    content,
    startDate: period.start,
    endDate: period.end,
    format,
    locale,
    storageKey,
    fileSize,
    highlights: highlights.map(({ label, kind, value }) => ({ label, value: asText(kind, value) || "–" })),
  })
}
