import { z } from "zod"
import type { BulkOperation } from "../db/bulk-operations.ts"
import { bulkAction, bulkOutcome } from "../lib/bulk.ts"
import { wordsOf } from "./run-filter.ts"

/** A bulk operation as its routes tell it. */
export const toldOperation = z.object({
  id: z.int(),
  action: bulkAction,
  filter: z
    .record(z.string(), z.unknown())
    .describe("the words of the search; `queues`, those that the key it was started with is limited to"),
  reason: z.string().nullable(),
  perSecond: z.int(),
  status: z.enum(["preparing", "matching", "acting", "completed", "aborted", "failed"]),
  matched: z.int().describe("runs found so far; all of them once it is acting"),
  touched: z.int().describe("runs acted on so far"),
  outcomes: z.partialRecord(bulkOutcome, z.int()).describe("those, by what became of them"),
  error: z.string().nullable().describe("what keeps it from going on, or has ended it"),
  startedBy: z.string(),
  abortedBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
})

/** What became of one of its runs; null, it has not come to it. */
export const toldRun = z.object({
  jobId: z.string(),
  queue: z.string(),
  outcome: bulkOutcome.nullable(),
  touchedAt: z.iso.datetime().nullable(),
})

/** Tell a bulk operation. */
export const tellOperation = ({
  token,
  filter,
  place,
  step,
  createdAt,
  endedAt,
  outcomes,
  ...rest
}: BulkOperation): z.output<typeof toldOperation> => ({
  ...rest,
  filter: wordsOf(filter),
  outcomes,
  touched: Object.values(outcomes).reduce((sum, count) => sum + count, 0),
  createdAt: createdAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
})
