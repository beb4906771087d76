import type { JobDefinition } from "./jobs/define.ts"
import { jobs as allJobs } from "./jobs/index.ts"
import { onRedis, queueKey } from "./queues.ts"
import { isQueuedStatus, type QueuedStatus, queuedStatuses, queuesOf, type RunFilter } from "./run-filter.ts"
import { matches } from "./run-matches.ts"
import { progressOf, type RunStatus } from "./runs.ts"
import { tellRun } from "./tell-run.ts"

/** How far a search has come: at which of the places where runs are, and after which run there. */
export interface QueuedPlace {
  source: number
  score?: number
  id?: string
}

export interface QueuedPage {
  /** Without personal data. */
  runs: RunStatus[]
  /** How many runs were looked at for them. */
  scanned: number
  /** Where the next page begins, if there may be more. */
  next: QueuedPlace | null
}

/** Runs that are looked at in one page at most, and read at a time. */
const MOST_SCANNED = 1_000
const READ = 100

/** Entries of a list that are looked at: what is active is fewer, and only what stalled or came from elsewhere waits in one. */
const LISTED = 10_000

/**
 * A page of the runs that have not ended and that a filter means, delayed ones first, then those that wait in the order of their
 * turn. Runs move on meanwhile: each is told of where it was found. Throws RedisUnavailable.
 */
export async function searchQueued(
  filter: RunFilter,
  {
    after,
    limit,
    jobs = allJobs,
  }: { after?: QueuedPlace | null; limit: number; jobs?: readonly JobDefinition[] },
): Promise<QueuedPage> {
  const sources = sourcesOf(filter, jobs)
  const runs: RunStatus[] = []
  let scanned = 0
  let place = after ?? { source: 0 }
  for (let source = sources[place.source]; source; source = sources[place.source]) {
    if (scanned >= MOST_SCANNED || runs.length >= limit) return { runs, scanned, next: place }
    const { entries, isLast } = await readEntries(source, place, Math.min(READ, MOST_SCANNED - scanned))
    const read = await readRuns(source, entries)
    for (const [index, { id, score }] of entries.entries()) {
      if (runs.length >= limit) return { runs, scanned, next: place }
      const run = read[index]
      if (run && matches(run, filter)) runs.push(run)
      place = { source: place.source, id, ...(score === undefined ? {} : { score }) }
      scanned++
    }
    if (isLast) place = { source: place.source + 1 }
  }
  return { runs, scanned, next: null }
}

/** Where runs of a queue are. */
interface Source {
  job: JobDefinition
  status: QueuedStatus
  kind: "list" | "set"
  key: string
}

/** BullMQ's own keys: a run with a priority waits in a set, in the order of its turn. */
const PLACES: Record<QueuedStatus, [kind: Source["kind"], key: string][]> = {
  delayed: [["set", "delayed"]],
  waiting: [
    ["list", "wait"],
    ["set", "prioritized"],
  ],
  active: [["list", "active"]],
}

function sourcesOf(filter: RunFilter, jobs: readonly JobDefinition[]): Source[] {
  const { status } = filter
  const queues = queuesOf(filter)
  const statuses = status === undefined ? queuedStatuses : [status].filter(isQueuedStatus)
  const searched = jobs.filter(({ name }) => queues?.includes(name) ?? true)
  return statuses.flatMap((status) =>
    searched.flatMap((job) =>
      PLACES[status].map(([kind, key]) => ({ job, status, kind, key: queueKey(job.name, key) })),
    ),
  )
}

interface Entry {
  id: string
  score?: number
}

/** The entries of a source after this place, each once however many come and go. */
const readEntries = ({ kind, key }: Source, place: QueuedPlace, count: number) =>
  kind === "set" ? readSet(key, place, count) : readList(key, place, count)

/** By score, and those of one score by their ids, which is the order they are kept in. */
async function readSet(key: string, { score, id = "" }: QueuedPlace, count: number) {
  for (let offset = 0; ; offset += count) {
    const found = await onRedis((client) =>
      client.zrangebyscore(key, score ?? "-inf", "+inf", "WITHSCORES", "LIMIT", offset, count),
    )
    const all: { id: string; score: number }[] = []
    for (let index = 0; index < found.length; index += 2)
      all.push({ id: found[index]!, score: Number(found[index + 1]) })
    const entries = all.filter((entry) => score === undefined || entry.score > score || entry.id > id)
    const isLast = all.length < count
    if (entries.length || isLast) return { entries, isLast }
  }
}

/** By their ids: their places in the list move as it is worked on. */
async function readList(key: string, { id: after = "" }: QueuedPlace, count: number) {
  const ids = await onRedis((client) => client.lrange(key, -LISTED, -1))
  const entries: Entry[] = ids
    .filter((id) => id > after)
    .sort()
    .slice(0, count)
    .map((id) => ({ id }))
  return { entries, isLast: entries.length < count }
}

const FIELDS = ["name", "data", "progress", "failedReason", "atm", "timestamp", "processedOn"] as const

/** What Redis knows of these runs; undefined of those that are gone meanwhile. */
async function readRuns({ job, status }: Source, entries: Entry[]): Promise<(RunStatus | undefined)[]> {
  if (entries.length === 0) return []
  const read = await onRedis((client) => {
    const pipeline = client.pipeline()
    for (const { id } of entries) pipeline.hmget(queueKey(job.name, id), ...FIELDS)
    return pipeline.exec()
  })
  return (read ?? []).map(([error, fields], index) => {
    if (error) throw error
    return describe(job, status, entries[index]!.id, fields as (string | null)[])
  })
}

function describe(
  job: JobDefinition,
  status: QueuedStatus,
  id: string,
  [name, data, progress, failedReason, attempts, askedAt, startedAt]: (string | null | undefined)[],
): RunStatus | undefined {
  if (askedAt === null || askedAt === undefined) return undefined
  return tellRun(job, {
    jobId: id,
    queue: job.name,
    name: name ?? "",
    status,
    progress: progressOf(parsed(progress), status),
    data: parsed(data) ?? {},
    returnValue: null,
    failedReason: failedReason || null,
    attemptsMade: Number(attempts ?? 0),
    createdAt: Number(askedAt),
    processedOn: startedAt ? Number(startedAt) : null,
    finishedOn: null,
  })
}

/** What BullMQ wrote as JSON; what is none came from elsewhere, and is nothing to us. */
function parsed(json: string | null | undefined): unknown {
  try {
    return json ? JSON.parse(json) : null
  } catch {
    return null
  }
}
