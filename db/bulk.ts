import { BULK, type BulkAction, searchesFor, statusesFor } from "../lib/bulk.ts"
import { PayloadError, RedisUnavailable } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { jobs as allJobs } from "../lib/jobs/index.ts"
import { type QueuedPlace, searchQueued } from "../lib/queued-runs.ts"
import { onRedis } from "../lib/queues.ts"
import type { RunFilter } from "../lib/run-filter.ts"
import type { RunStatus } from "../lib/runs.ts"
import { within } from "../lib/within.ts"
import { addOperation } from "./bulk-operations.ts"
import { countRuns, SearchTooLong, searchRuns } from "./run-search.ts"

/** Runs acted on a second, unless said otherwise: Redis is then at it for a tenth of its time. */
export const PER_SECOND = 2_000

/** Runs that are counted at once, of those that have ended and those that have not. */
const COUNTED = { ended: 100_000, queued: 5_000 }

const SAMPLE = 10

/** Milliseconds for which they are counted. */
const PATIENCE = 500

interface Options {
  /** Why, for whoever looks at the runs later. */
  reason?: string | undefined
  /** Runs acted on a second at most. */
  perSecond?: number | undefined
  /** Whose runs that have not ended are counted. */
  jobs?: readonly JobDefinition[]
}

/**
 * Have workers do something to every run that a filter means now, each exactly once. Returns at once, with how many runs are
 * known to be meant. Throws a PayloadError for a filter that is empty, or means none that the action can be done to.
 */
export async function startBulk(
  filter: RunFilter,
  action: BulkAction,
  actor: string,
  { reason, perSecond = PER_SECOND, jobs = allJobs }: Options = {},
): Promise<{ id: number; matched: number }> {
  check(filter, action)
  const { matched } = await count(filter, action, jobs)
  const id = await addOperation({ filter, action, startedBy: actor, reason: reason ?? null, perSecond })
  await wakeWorkers()
  return { id, matched }
}

/** What an operation would be done to: how many runs, at least when that is not `exact`, and some of them. Throws as `startBulk` does. */
export async function previewBulk(
  filter: RunFilter,
  action: BulkAction,
  { jobs = allJobs }: Pick<Options, "jobs"> = {},
): Promise<{ matched: number; exact: boolean; sample: RunStatus[] }> {
  check(filter, action)
  const counted = await count(filter, action, jobs)
  const sample = [...counted.sample]
  for (const search of searchesFor(action, filter).ended)
    if (sample.length < SAMPLE)
      sample.push(...(await searchRuns(search, { limit: SAMPLE - sample.length })).runs)
  return { ...counted, sample }
}

/** Have workers go on with what there is now; one that does not hear of it looks by itself before long. */
export async function wakeWorkers() {
  try {
    await onRedis((client) => client.publish(BULK, ""))
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error
  }
}

function check(filter: RunFilter, action: BulkAction) {
  // Whose queues they are is not said by who asks.
  const { queues, ...said } = filter
  if (Object.values(said).every((value) => value === undefined))
    throw refused("filter", "say which runs are meant, by at least one of its fields")
  if (statusesFor(action, filter).length === 0)
    throw refused("filter.status", `${action} is not for runs that are ${filter.status}`)
}

const refused = (path: string, message: string) => new PayloadError("Bad request", [{ path, message }])

interface Counted {
  matched: number
  exact: boolean
  sample: RunStatus[]
}

/** Count for so long at most, and no more than so many: who asks waits for it. */
async function count(
  filter: RunFilter,
  action: BulkAction,
  jobs: readonly JobDefinition[],
): Promise<Counted> {
  const { ended, queued } = searchesFor(action, filter)
  const counted: Counted = { matched: 0, exact: true, sample: [] }
  const counting = [
    ...ended.map((search) => countEnded(search, counted)),
    ...queued.map((search) => countQueued(search, jobs, counted)),
  ]
  try {
    await within(PATIENCE, "counting", Promise.all(counting))
  } catch (error) {
    if (!(error instanceof SearchTooLong) && (error as Error).name !== "TimeoutError") throw error
    counted.exact = false
  }
  return { ...counted }
}

async function countEnded(search: RunFilter, counted: Counted) {
  const found = await countRuns(search, COUNTED.ended)
  counted.matched += found
  if (found === COUNTED.ended) counted.exact = false
}

async function countQueued(search: RunFilter, jobs: readonly JobDefinition[], counted: Counted) {
  let after: QueuedPlace | null = null
  let scanned = 0
  do {
    const page = await searchQueued(search, { after, limit: COUNTED.queued, jobs })
    counted.sample.push(...page.runs.slice(0, SAMPLE - counted.sample.length))
    counted.matched += page.runs.length
    scanned += page.scanned
    after = page.next
  } while (after && scanned < COUNTED.queued)
  if (after) counted.exact = false
}
