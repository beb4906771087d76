import { Elysia } from "elysia"
import { z } from "zod"
import { previewBulk, startBulk, wakeWorkers } from "../../db/bulk.ts"
import { abortOperation, findOperation, listOperations } from "../../db/bulk-operations.ts"
import { listBulkRuns } from "../../db/bulk-runs.ts"
import { allow } from "../access/allow.ts"
import { actorOf, describeChange } from "../access/principal.ts"
import { narrowed, queuesFor } from "../access/queues.ts"
import { tellOperation } from "../bulk.ts"
import { cursorOf, placeOf } from "../cursor.ts"
import {
  documentBulkAbort,
  documentBulkList,
  documentBulkStart,
  documentBulkStatus,
} from "../documentation/bulk.ts"
import { HttpError } from "../errors.ts"
import { isId } from "../ids.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { bulkQuery, bulkRequest, historyQuery } from "../requests.ts"
import { readFilter } from "../run-filter.ts"

const AWAY = "PostgreSQL, which keeps bulk operations, does not answer: try again in a moment"

/** Things done to many runs. */
export const bulkRoutes = new Elysia({ prefix: "/api/admin/bulk" })
  .post(
    "",
    ({ body, request, status }) => start(body, request).then(({ code, ...answer }) => status(code, answer)),
    allow("operate", documentBulkStart(), { action: "bulk.start", narrows: true }),
  )
  .get("", ({ query, request }) => list(query, request), allow("read", documentBulkList(), { narrows: true }))
  .get(
    "/:id",
    ({ params, query, request }) => show(params.id, query, request),
    allow("read", documentBulkStatus(), { narrows: true }),
  )
  .post(
    "/:id/abort",
    ({ params, request }) => abort(params.id, request),
    allow("operate", documentBulkAbort(), { action: "bulk.abort", narrows: true }),
  )

async function start(body: unknown, request: Request) {
  const asked = parse(bulkRequest, body)
  const { action, dryRun, reason, perSecond } = asked
  const filter = narrowed(readFilter(asked.filter, "filter"), request)
  if (dryRun) {
    describeChange(request, { target: "nothing: a dry run", after: asked })
    return { code: 200, dryRun, ...(await fromPostgres(previewBulk(filter, action), AWAY)) } as const
  }
  const { id, matched } = await fromPostgres(
    startBulk(filter, action, actorOf(request), { reason, perSecond }),
    AWAY,
  )
  describeChange(request, { target: `bulk:${id}`, after: asked })
  return {
    code: 202,
    success: true,
    message: `The workers ${action} what matches: ${matched} runs or more`,
    count: matched,
    id,
    statusUrl: `/api/admin/bulk/${id}`,
  } as const
}

async function list(query: unknown, request: Request) {
  const { limit, before } = parse(historyQuery, query)
  const queues = queuesFor(request)
  // One more than asked for tells whether there is a next page.
  const operations = await fromPostgres(listOperations(limit + 1, { before, queues }), AWAY)
  const page = operations.slice(0, limit)
  return { operations: page.map(tellOperation), next: operations.length > limit ? page.at(-1)!.id : null }
}

const place = z.strictObject({
  run: z
    .string()
    .max(200)
    .regex(/^[^\0]*$/),
})

async function show(id: string, query: unknown, request: Request) {
  const { outcome, limit, cursor } = parse(bulkQuery, query)
  const after = cursor === undefined ? undefined : placeOf(cursor, place).run
  const operation = await fromPostgres(findOperation(idOf(id), { queues: queuesFor(request) }), AWAY)
  if (!operation) throw unknown(id)
  const runs = await fromPostgres(listBulkRuns(operation.id, { outcome, after, limit: limit + 1 }), AWAY)
  const page = runs.slice(0, limit)
  return {
    ...tellOperation(operation),
    runs: page.map(({ runId, touchedAt, ...run }) => ({
      jobId: runId,
      ...run,
      touchedAt: touchedAt?.toISOString() ?? null,
    })),
    next: runs.length > limit ? cursorOf({ run: page.at(-1)!.runId }) : null,
  }
}

async function abort(id: string, request: Request) {
  const whose = { queues: queuesFor(request) }
  const operation = await fromPostgres(abortOperation(idOf(id), actorOf(request), whose), AWAY)
  if (!operation) throw unknown(id)
  describeChange(request, { target: `bulk:${operation.id}` })
  if (operation.endedAt)
    throw new HttpError(409, `Too late: bulk operation ${operation.id} is ${operation.status}`)
  await wakeWorkers()
  return { success: true, message: "It ends before its next batch" }
}

/** What is no number, or one that no operation has, is none. */
function idOf(id: string): number {
  if (isId(id)) return Number(id)
  throw unknown(id)
}

const unknown = (id: string) => new HttpError(404, `No bulk operation ${id.slice(0, 100)}`)
