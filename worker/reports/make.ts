import { type Agency, findAgency, findAgencyOfUser } from "../../db/agencies.ts"
import { consistent } from "../../db/consistent.ts"
import type { Db } from "../../db/pool.ts"
import { dayIn } from "../../lib/days.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { JobNamed, JobPayload } from "../../lib/jobs/index.ts"
import { latestPeriod } from "../../lib/reports/period.ts"
import { sender } from "../../lib/sender.ts"
import { storage } from "../../lib/storage/storage.ts"
import { storeMade } from "../documents/store.ts"
import type { Run } from "../run.ts"
import { checkLength, tellingProgress } from "./length.ts"
import { reportPdf } from "./pdf.ts"
import { highlightsOf, type Report, type Wanted } from "./report.ts"
import type { Figure } from "./section.ts"
import { sectionsOf } from "./sections/index.ts"
import { reportCsv, reportXlsx } from "./sheets.ts"
import { titleOf } from "./words.ts"

export type ReportPayload = JobPayload<JobNamed<"report">>

/** Figures that a mail has room for. */
const IN_A_MAIL = 8

/** Percent at which the figures are there, and the rows are not. */
const WRITING = 40

/** Where prices are that are of no agency. */
const ZONE = "America/Sao_Paulo"

/** What a payload asks for. Throws PermanentError for whoever is not there, and for days that have not come. */
export async function wantedOf(payload: ReportPayload): Promise<Wanted> {
  const { agency, locale } = await whoseOf(payload)
  const zone = agency?.timeZone ?? ZONE
  const at = new Date(payload.at)
  const period = periodOf(payload, at, zone)
  const today = dayIn(zone, at)
  if (period.start > today)
    throw new PermanentError(
      `The period from ${period.start} to ${period.end} has not begun: today is ${today} in ${zone}; ask for days that have come`,
    )
  const { type, content, format, includeCharts } = payload
  return {
    type,
    content,
    format,
    includeCharts,
    period,
    agency,
    locale: payload.locale ?? locale ?? "pt-BR",
    zone,
    at,
    asOf: earlier(period.end, today),
  }
}

const earlier = (one: string, other: string) => {
  if (one < other) return one
  return other
}

function periodOf({ type, startDate, endDate }: ReportPayload, at: Date, zone: string) {
  if (startDate !== undefined && endDate !== undefined) return { start: startDate, end: endDate }
  if (type === "custom") throw new PermanentError("A custom report needs a startDate and an endDate")
  return latestPeriod(type, at, zone)
}

/** Whom an agency's business is with: it is not theirs to know. */
const OUTSIDE = new Set(["renter", "owner"])

async function whoseOf({ agencyId, userId }: ReportPayload) {
  const user = userId === undefined ? undefined : await findAgencyOfUser(userId)
  if (userId !== undefined && !user) throw new PermanentError(`There is no user ${userId}`)
  if (user && OUTSIDE.has(user.role))
    throw new PermanentError(`User ${userId} is ${user.role}: the report of an agency is for who works there`)
  if (user && agencyId !== undefined && user.agencyId !== agencyId)
    throw new PermanentError(`User ${userId} is not of agency ${agencyId}: send one of both`)
  const id = agencyId ?? user?.agencyId
  const agency: Agency | undefined = id === undefined ? undefined : await findAgency(id)
  if (id !== undefined && !agency) throw new PermanentError(`There is no agency ${id}`)
  return { agency, locale: user?.locale }
}

/**
 * Make a report and store it, from one snapshot of the database, in as much memory whatever its length; resolves with its bytes and
 * its figures at a glance. Stopped in the middle, it leaves no file.
 */
export async function makeReport(
  wanted: Wanted,
  storageKey: string,
  run: Pick<Run, "signal" | "progress">,
): Promise<{ fileSize: number; highlights: Figure[] }> {
  return await consistent(run.signal, async (db) => {
    run.progress({ percentage: 10, stage: "collecting", message: "Adding up the figures" })
    const report = await reportOf(wanted, db)
    checkLength(report)
    run.progress({
      percentage: WRITING,
      stage: "writing",
      message: `Writing the ${wanted.format.toUpperCase()}`,
    })
    const made = written(tellingProgress(report, WRITING, run), run.signal)
    const fileSize = await storeMade(storage(), storageKey, { made, signal: run.signal })
    return { fileSize, highlights: highlightsOf(report.sections, IN_A_MAIL) }
  })
}

/** The report, with its figures; its rows are read as it is written. */
async function reportOf(wanted: Wanted, db: Db): Promise<Report> {
  const { period, asOf, zone, locale, agency } = wanted
  // Nobody has the number nought: of no agency there are prices alone.
  const scope = { ...period, asOf, zone, agencyId: agency?.id ?? 0 }
  const report: Report = {
    ...wanted,
    title: titleOf(wanted.type, locale),
    author: agency?.name ?? sender().brand,
    sections: [],
  }
  for (const content of wanted.content)
    for (const section of sectionsOf[content]) report.sections.push(await section({ scope, locale, db }))
  return report
}

const written = (report: Report, signal: AbortSignal): AsyncGenerator<Uint8Array> => {
  switch (report.format) {
    case "pdf":
      return reportPdf(report, signal)
    case "xlsx":
      return reportXlsx(report)
    case "csv":
      return reportCsv(report)
  }
}
