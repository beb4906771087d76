import { z } from "zod"
import { PER_SECOND } from "../db/bulk.ts"
import { backupId } from "../lib/backups/id.ts"
import { bulkAction, bulkOutcome } from "../lib/bulk.ts"
import { MOST_AT_ONCE } from "../lib/enqueue-many.ts"
import { enqueueOptions } from "../lib/enqueue-options.ts"
import { locale } from "../lib/locale.ts"

/** What is sent to ask for a run; the data are the job's to check. */
export const enqueueRequest = z.strictObject({ data: z.unknown(), options: enqueueOptions.optional() })

/** What is sent to ask for many runs of a job. */
export const batchRequest = z.strictObject({ jobs: z.array(enqueueRequest).min(1).max(MOST_AT_ONCE) })

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

/** Which page of a search, beside its filter. */
export const searchQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("how many at most"),
  cursor: z.string().max(1_000).optional().describe("the `next` of the page before"),
})

/** What is sent to have something done to many runs. */
export const bulkRequest = z.strictObject({
  action: bulkAction,
  filter: z
    .record(z.string(), z.unknown())
    .describe("the words of the search: queue, status, name, from, to, error~, data.<path>"),
  dryRun: z.boolean().default(false).describe("tell what it would be done to, and do nothing"),
  reason: z.string().trim().min(1).max(500).optional().describe("why, for whoever looks at the runs later"),
  perSecond: z.int().min(1).max(10_000).default(PER_SECOND).describe("runs acted on a second at most"),
})

/** Which page of the runs of a bulk operation. */
export const bulkQuery = z.strictObject({
  outcome: bulkOutcome.optional().describe("those alone that this became of"),
  ...searchQuery.shape,
})
