import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { like } from "../../lib/like.ts"
import { toldOperation, toldRun } from "../bulk.ts"
import { bulkQuery, bulkRequest, historyQuery } from "../requests.ts"
import { errors, invalid } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { json } from "./json.ts"
import { done, inPath, inQuery, next } from "./parts.ts"
import { anyRun } from "./run.ts"

const tags = ["bulk"]

const started = like(
  z.object({
    success: z.literal(true),
    message: z.string(),
    count: z.int().describe("runs that are known to match so far"),
    id: z.int(),
    statusUrl: z.string(),
  }),
  {
    success: true,
    message: "The workers retry what matches: 3 runs or more",
    ...{ count: 3, id: 12, statusUrl: "/api/admin/bulk/12" },
  },
)

const operation = {
  ...{ id: 12, action: "retry", filter: { queue: "email", status: "failed" }, reason: "Resend is back" },
  ...{ perSecond: 500, status: "completed", matched: 3, touched: 3, outcomes: { retried: 2, gone: 1 } },
  ...{ error: null, startedBy: "user:7", abortedBy: null },
  ...{ createdAt: "2026-02-10T12:00:00.000Z", endedAt: "2026-02-10T12:00:02.000Z" },
} satisfies z.output<typeof toldOperation>

const unknown = ["No such operation", "No bulk operation 12"] as const

const preview = () =>
  z.object({
    dryRun: z.literal(true),
    matched: z.int(),
    exact: z.boolean().describe("whether it is all of them: more than so many are not counted"),
    sample: z.array(anyRun()),
  })

/** The reference's page on starting a bulk operation. */
export const documentBulkStart = (): DocumentDecoration => ({
  tags,
  summary: "Retry, remove or cancel every run that a filter means",
  description:
    "`retry` takes runs that have failed (or `cancelled` ones, when the filter says so), for as long as Redis holds them; `cancel` those that have not ended; `remove` all but active ones. The workers do it, each run once, and go on after any restart.",
  operationId: "start-bulk",
  requestBody: {
    required: true,
    content: json(bulkRequest, "input", {
      action: "retry",
      filter: { queue: "email", status: "failed" },
      dryRun: true,
    }),
  },
  responses: {
    200: { description: "With `dryRun`: what it would be done to", content: json(preview, "output") },
    202: { description: "It is begun", content: json(started, "output") },
    ...errors({
      400: [
        "An empty filter, one that means no runs the action is for, or a word of no meaning",
        invalid("filter", "say which runs are meant, by at least one of its fields"),
      ],
      403: "The key may not control runs, or not those of the queue that the filter names",
      503: "Redis or PostgreSQL does not answer",
    }),
  },
})

/** The reference's page on past bulk operations. */
export const documentBulkList = (): DocumentDecoration => ({
  tags,
  summary: "Bulk operations, the latest first",
  operationId: "list-bulk",
  parameters: inQuery(historyQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ operations: z.array(like(toldOperation, operation)), next }), "output"),
    },
    ...errors({ 400: "No such page", 503: "PostgreSQL does not answer" }),
  },
})

const status = like(toldOperation.extend({ runs: z.array(toldRun), next: z.string().nullable() }), {
  ...operation,
  runs: [{ jobId: RUN_ID, queue: "email", outcome: "retried", touchedAt: "2026-02-10T12:00:01.000Z" }],
  next: null,
})

/** The reference's page on how far a bulk operation is. */
export const documentBulkStatus = (): DocumentDecoration => ({
  tags,
  summary: "How far a bulk operation is, and what became of each run",
  operationId: "bulk-status",
  parameters: [inPath("id"), ...inQuery(bulkQuery)],
  responses: {
    200: {
      description:
        "The operation, and a page of its runs; `next` is the cursor of the next page, null on the last",
      content: json(status, "output"),
    },
    ...errors({
      400: "No such page",
      404: unknown,
      503: "PostgreSQL does not answer",
    }),
  },
})

/** The reference's page on ending a bulk operation early. */
export const documentBulkAbort = (): DocumentDecoration => ({
  tags,
  summary: "End a bulk operation before its next batch; what is done stays",
  operationId: "abort-bulk",
  parameters: [inPath("id")],
  responses: {
    200: {
      description: "It ends in a moment",
      content: json(done("It ends before its next batch"), "output"),
    },
    ...errors({
      404: unknown,
      409: ["It has ended already", "Too late: bulk operation 12 is completed"],
      503: "PostgreSQL does not answer",
    }),
  },
})
