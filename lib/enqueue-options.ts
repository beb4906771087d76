import { z } from "zod"
import { callbackUrl } from "./callbacks/url.ts"
import { priority } from "./priority.ts"

const LONGEST_DELAY = 365 * 24 * 3_600_000

/** Which runs are one and the same: BullMQ's own words, https://docs.bullmq.io/guide/jobs/deduplication. */
const deduplication = z
  .strictObject({
    id: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^\0]*$/)
      .describe("names what the run is about, within its queue"),
    ttl: z
      .int()
      .min(1)
      .max(LONGEST_DELAY)
      .exactOptional()
      .describe("milliseconds for which no other is taken; until it has ended when not said"),
    extend: z.boolean().exactOptional().describe("each that is asked for begins the time anew"),
    replace: z
      .boolean()
      .exactOptional()
      .describe("while the first is delayed, the one asked for last takes its place"),
    keepLastIfActive: z
      .boolean()
      .exactOptional()
      .describe("while the first is at work, the one asked for last is run after it"),
  })
  .describe("a run like one that is there already is not asked for again: the answer names the first")

/** What may be asked of a run, whatever its job. */
export const enqueueOptions = z.strictObject({
  delay: z
    .number()
    .nonnegative()
    .max(LONGEST_DELAY)
    .transform(Math.round)
    .optional()
    .describe("milliseconds to wait first"),
  priority: priority.optional().describe("1 (first) to 10 (last), or high, normal, low"),
  attempts: z.int().min(1).max(25).optional().describe("times the run is tried before it has failed"),
  deduplication: deduplication.optional(),
  callbackUrl: callbackUrl.optional(),
})

export type EnqueueOptions = z.input<typeof enqueueOptions>
