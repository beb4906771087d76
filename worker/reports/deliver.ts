import type { StoredReport } from "../../db/reports.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { safeName } from "../../lib/storage/filename.ts"
import { storage } from "../../lib/storage/storage.ts"
import { mailIdOf } from "../mail-id.ts"
import type { Run } from "../run.ts"
import type { Wanted } from "./report.ts"
import { titleOf } from "./words.ts"

/** Seconds for which the link in a mail is good. */
const WEEK = 7 * 86_400

/** Ask for the mail that says where a report is, once a run. */
export const mailReport = (stored: StoredReport, to: string, wanted: Wanted, run: Run) =>
  run.once("mail", async () => {
    const { type, period, format, locale, zone } = wanted
    const downloadUrl = await storage().link(stored.storageKey, {
      seconds: WEEK,
      filename: filenameOf(wanted),
    })
    const { id } = await enqueue(
      email,
      {
        to,
        template: "report-ready",
        locale,
        data: {
          type,
          startDate: period.start,
          endDate: period.end,
          format,
          fileSize: stored.fileSize,
          highlights: stored.highlights,
          downloadUrl,
          expiresAt: new Date(Date.now() + WEEK * 1_000).toISOString(),
          timeZone: zone,
        },
      },
      {},
      { name: "report-ready", id: mailIdOf(run.id) },
    )
    return id
  })

/** The name that a report is saved under: `Relatório mensal 2026-02-01 a 2026-02-28.pdf`. */
function filenameOf({ type, period: { start, end }, format, locale, agency }: Wanted) {
  const days = start === end ? start : `${start} ${locale === "en" ? "to" : "a"} ${end}`
  return safeName(`${agency ? `${agency.name} - ` : ""}${titleOf(type, locale)} ${days}.${format}`)
}
