import { z } from "zod"
import { fromCursor } from "../control/cursor.ts"

const limit = z.coerce.number().int().min(1).max(500).describe("how many, latest first")

const cursor = z
  .string()
  .transform((text, context) => {
    const place = fromCursor(text)
    if (!place) context.addIssue("the cursor of the page before, from its Link header")
    return place
  })
  .optional()
  .describe("where the page begins: the answer's `Link` header has it for the next")

/** Which page of the runs that have failed. */
export const failedQuery = z.strictObject({ limit: limit.default(100), cursor })

/** Which page of what happened on a queue. */
export const logQuery = z.strictObject({ limit: limit.default(50), cursor })

/** How much of a run is shown. */
export const runQuery = z.strictObject({
  reveal: z
    .stringbool()
    .default(false)
    .describe("show personal data as well; for admins, and told in the audit log"),
})

const age = z.number().nonnegative().max(100_000)

/** Which completed runs are forgotten. */
export const cleanCompletedRequest = z.strictObject({
  olderThanHours: age.default(24).describe("hours since they completed"),
})

/** Which failed runs are forgotten. */
export const cleanFailedRequest = z.strictObject({
  olderThanDays: age.default(7).describe("days since they failed"),
})
