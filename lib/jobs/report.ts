import { z } from "zod"
import { isoDay } from "../iso-day.ts"
import { like } from "../like.ts"
import { locale } from "../locale.ts"
import { pii } from "../pii.ts"
import { type ReportType, reportTypes } from "../reports/period.ts"
import { defineJob } from "./define.ts"

/** What a report can be about, in the order in which it is told. */
const reportContents = ["metrics", "rental", "overdue", "owners", "leads", "prices"] as const

export type ReportContent = (typeof reportContents)[number]

/** What an agency's report is about unless it says so; market prices are nobody's own. */
const AGENCY_CONTENTS: ReportContent[] = ["metrics", "rental", "overdue", "owners", "leads"]

const id = z.int().positive()
const type = z.enum(reportTypes, { error: `one of ${reportTypes.join(", ")}` })
const email = pii(z.email({ error: "an e-mail address, such as ana@example.com" }).max(320))
const contents = z
  .array(z.enum(reportContents, { error: `one of ${reportContents.join(", ")}` }))
  .min(1)
  .max(reportContents.length)

const common = {
  agencyId: id
    .optional()
    .describe("the agency it is about; that of the user when not set, else each agency gets one"),
  userId: id.optional().describe("whose agency it is about, and in whose language it is written"),
  content: contents.optional().describe("what it is about"),
  includeCharts: z.boolean().default(true).describe("whether there are charts in a PDF"),
  email: email.optional().describe("where the link to it is sent"),
  locale: locale.optional().describe("the user's when not set, else pt-BR"),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("the moment whose latest complete period is meant; that of the asking when not set"),
}

const dates = { startDate: isoDay.optional(), endDate: isoDay.optional() }

interface Dated {
  type?: ReportType | undefined
  startDate?: string | undefined
  endDate?: string | undefined
}

/** Both days or none, in their order; of a custom report both. */
const areInOrder = ({ type, startDate, endDate }: Dated) => {
  if (startDate === undefined && endDate === undefined) return type !== "custom"
  return startDate !== undefined && endDate !== undefined && startDate <= endDate
}

const inOrder = {
  path: ["endDate"],
  error: "a period has a startDate and an endDate that is not before it; a custom report needs them",
}

export const report = defineJob({
  name: "report",
  aliases: ["report-generation"],
  summary: "Make a report of a period, as PDF, XLSX or CSV",
  payload: z
    .strictObject({
      ...common,
      ...dates,
      type,
      content: contents,
      format: z.enum(["pdf", "xlsx", "csv"]),
      at: z.iso.datetime({ offset: true }),
    })
    .refine(areInOrder, inOrder),
  accepts: {
    input: z
      .strictObject({
        ...common,
        ...dates,
        type: type.optional(),
        reportType: type
          .optional()
          .describe("`type`, of a report about market prices unless `content` is set"),
        period: z
          .strictObject({ start: isoDay, end: isoDay })
          .optional()
          .describe("`startDate` and `endDate`"),
        format: z
          .enum(["pdf", "xlsx", "excel", "csv"], { error: "one of pdf, xlsx (or excel), csv" })
          .describe("excel is xlsx"),
      })
      .refine(({ type, reportType }) => (type === undefined) !== (reportType === undefined), {
        path: ["type"],
        error: `either type or reportType: one of ${reportTypes.join(", ")}`,
      })
      .refine(({ period, startDate, endDate }) => !period || (startDate ?? endDate) === undefined, {
        path: ["period"],
        error: "either a period, or startDate and endDate",
      })
      .refine(
        ({ type, reportType, period, startDate = period?.start, endDate = period?.end }) =>
          areInOrder({ type: type ?? reportType, startDate, endDate }),
        inOrder,
      ),
    normalise: ({ reportType, type = reportType!, period, format, content, at, ...rest }) => ({
      payload: {
        ...rest,
        ...(period && { startDate: period.start, endDate: period.end }),
        type,
        content: content ?? (reportType ? ["prices"] : AGENCY_CONTENTS),
        format: format === "excel" ? "xlsx" : format,
        // A run that is tried again later is about the same days.
        at: at ?? new Date().toISOString(),
      },
    }),
  },
  result: like(
    z.object({
      reportId: id.nullable().describe("null of a run that has asked for a report of each agency"),
      storageKey: z.string().nullable(),
      fileSize: z.int().nullable().describe("bytes"),
      runs: z.array(z.string()).describe("the runs it has asked for, one for each agency"),
    }),
    {
      reportId: 12,
      storageKey: "reports/1/019c476c-3600-7c3a-9b1e-6f2d80a4c517/2026-02-01_2026-02-28.pdf",
      fileSize: 71_903,
      runs: [],
    },
  ),
  example: {
    type: "monthly",
    agencyId: 1,
    content: [...AGENCY_CONTENTS],
    format: "pdf",
    at: "2026-03-01T11:00:00Z",
  },
  concurrency: 3,
  schedules: [
    { name: "daily-reports", cron: "0 0 * * *", payload: (slot) => ofEachAgency("daily", slot) },
    { name: "weekly-reports", cron: "0 8 * * 1", payload: (slot) => ofEachAgency("weekly", slot) },
    { name: "monthly-reports", cron: "0 8 1 * *", payload: (slot) => ofEachAgency("monthly", slot) },
  ],
})

const ofEachAgency = (type: ReportType, slot: Date) =>
  ({ type, format: "pdf", at: slot.toISOString() }) as const
