import { z } from "zod"
import { backupId } from "../lib/backups/id.ts"
import { enqueueOptions } from "../lib/enqueue.ts"
import { locale } from "../lib/locale.ts"

/** What is sent to ask for a run; the data are the job's to check. */
export const enqueueRequest = z.strictObject({ data: z.unknown(), options: enqueueOptions.optional() })

/** What may be sent to cancel a run. */
export const cancelRequest = z.strictObject({
  reason: z.string().trim().min(1).max(500).optional().describe("why, for whoever looks at the run later"),
})

/** Which page of what has been. */
export const historyQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe("how many, latest first"),
  before: z.coerce.number().int().positive().optional().describe("the `next` of the page before"),
})

/** Which page of the backups. */
export const backupsQuery = historyQuery.extend({
  before: backupId.optional().describe("the `next` of the page before"),
})

/** How to look at a mail template. */
export const previewQuery = z.strictObject({
  locale: locale.default("pt-BR"),
  part: z.enum(["html", "text"]).default("html"),
})
