import type { BulkOperation, BulkPlace } from "../../db/bulk-operations.ts"
import { advanceOperation } from "../../db/bulk-progress.ts"
import { addBulkRuns } from "../../db/bulk-runs.ts"
import type { Db } from "../../db/pool.ts"
import { type RunPlace, searchIds } from "../../db/run-search.ts"
import { searchesFor } from "../../lib/bulk.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { type QueuedPlace, searchQueued } from "../../lib/queued-runs.ts"
import { isQueuedStatus, type RunFilter } from "../../lib/run-filter.ts"

/** Runs that are put down at a time. */
const PAGE = 2_000

/** Search on for the runs of an operation: a page of them. When there are no more, they can be acted on. */
export async function match(operation: BulkOperation, jobs: readonly JobDefinition[], tx: Db) {
  const place = operation.place ?? { search: 0, after: null }
  const search = searchesOf(operation)[place.search]
  if (!search) return await advanceOperation(operation.id, { status: "acting" }, tx)

  const { found, next } = await pageOf(search, place, jobs, tx)
  const matched = await addBulkRuns(operation.id, found, tx)
  const onward = next ? { search: place.search, after: next } : { search: place.search + 1, after: null }
  await advanceOperation(operation.id, { status: "matching", place: onward, matched }, tx)
}

/** What came to be after the operation was asked for is not meant by it. */
function searchesOf({ action, filter, createdAt }: BulkOperation): RunFilter[] {
  const now = new Date(createdAt.getTime() + 1)
  const to = filter.to && filter.to < now ? filter.to : now
  const { queued, ended } = searchesFor(action, { ...filter, to })
  // A run that is active may fail, and be delayed, while it is looked for.
  const again = queued.length > 1 ? queued.filter(({ status }) => status === "delayed") : []
  return [...queued, ...again, ...ended]
}

async function pageOf(search: RunFilter, { after }: BulkPlace, jobs: readonly JobDefinition[], tx: Db) {
  if (search.status && isQueuedStatus(search.status)) {
    const { runs, next } = await searchQueued(search, {
      after: after as QueuedPlace | null,
      limit: PAGE,
      jobs,
    })
    return { found: runs.map(({ jobId, queue }) => ({ runId: jobId, queue })), next }
  }
  const { rows, next } = await searchIds(search, { after: after as RunPlace | null, limit: PAGE }, tx)
  return { found: rows.map(({ id, queue }) => ({ runId: id, queue })), next }
}
