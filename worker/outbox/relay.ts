import { randomUUID } from "node:crypto"
import { ReplyError } from "ioredis"
import { markRelayed, type OutboxRow, takeFromOutbox } from "../../db/outbox.ts"
import { type Db, pool } from "../../db/pool.ts"
import { prepareRun, type QueuedRun } from "../../lib/enqueue.ts"
import { PayloadError, PayloadTooLarge, RedisUnavailable, UnknownQueue } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobs as allJobs } from "../../lib/jobs/index.ts"
import { onQueue } from "../../lib/queues.ts"
import { recordRefused } from "./refused.ts"

/** Rows that are relayed at a time. */
const BATCH = 500

/** Characters of payloads that Redis is sent at a time, at the end of a slow line perhaps: it has a second to confirm them. */
const LOAD = 1024 * 1024

/** A run on its way, and the row it stands in. */
interface Ready {
  row: OutboxRow
  run: QueuedRun
}

/** A row that asks for nothing that can be run, and why. */
export interface Refused {
  row: OutboxRow
  reason: Error
}

/**
 * Bring the oldest rows of the outbox into their queues, and return how many there were. What one asks for in vain ends as
 * failed in the ledger. Throws when Redis does not take them, in which case they stay; what was added to Redis nevertheless is
 * added again, and claimed once.
 */
export const relayBatch = (jobs: readonly JobDefinition[] = allJobs): Promise<number> =>
  pool().begin(async (tx) => {
    const rows = await takeFromOutbox(BATCH, tx)
    if (rows.length === 0) return 0
    const refused: Refused[] = []
    const ready = rows.flatMap((row) => {
      try {
        return { row, run: asRun(row, jobs) }
      } catch (reason) {
        if (!isRefusal(reason)) throw reason
        refused.push({ row, reason })
        return []
      }
    })
    for (const [queue, ofQueue] of Map.groupBy(ready, ({ run }) => run.queue)) {
      const job = jobs.find(({ name }) => name === queue)!
      for (const load of loadsOf(ofQueue)) refused.push(...(await relay(job, load, tx)))
    }
    if (refused.length) {
      await recordRefused(refused, jobs)
      await markRelayed(
        refused.map(({ row }) => row),
        tx,
      )
    }
    return rows.length
  })

const isRefusal = (error: unknown): error is Error =>
  error instanceof PayloadError || error instanceof PayloadTooLarge || error instanceof UnknownQueue

/** What has come through the door is as it went in; the rest comes through it now. */
function asRun({ id, queue, name, data, options, isPrepared }: OutboxRow, jobs: readonly JobDefinition[]) {
  const job = jobs.find((job) => job.name === queue || job.aliases?.some((alias) => alias === queue))
  if (!job)
    throw new UnknownQueue(`No queue "${queue}": the queues are ${jobs.map((job) => job.name).join(", ")}`)
  if (!isPrepared)
    return prepareRun(job, JSON.parse(data), JSON.parse(options), { id, name: name ?? job.name })
  return {
    id,
    queue: job.name,
    name: name ?? job.name,
    payload: JSON.parse(data),
    options: JSON.parse(options),
  }
}

function loadsOf(ready: Ready[]): Ready[][] {
  const loads: Ready[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const one of ready) {
    size += one.row.data.length
    if (size > LOAD) {
      loads.push([])
      size = one.row.data.length
    }
    loads.at(-1)!.push(one)
  }
  return loads
}

/** Returns those that BullMQ would not have for what they say, each by itself. */
async function relay(job: JobDefinition, ready: Ready[], tx: Db): Promise<Refused[]> {
  const token = randomUUID()
  try {
    const added = await onQueue(job, (queue) =>
      queue.addBulk(
        ready.map(({ run: { id, name, payload, options }, row: { askedAt } }) => ({
          name,
          data: payload,
          // A delay counts from when the run was asked for.
          opts: { jobId: id, timestamp: askedAt, ...options, outbox: token },
        })),
      ),
    )
    await markRelayed(
      ready.map(({ row: { id } }, index) => ({ id, became: becameOf(id, added[index]?.id) })),
      tx,
    )
    return []
  } catch (error) {
    if (!isOfRun(error)) throw error
    if (ready.length === 1) return [{ row: ready[0]!.row, reason: error }]
    const half = Math.ceil(ready.length / 2)
    return [...(await relay(job, ready.slice(0, half), tx)), ...(await relay(job, ready.slice(half), tx))]
  }
}

const becameOf = (id: string, added: string | undefined) => (added === id ? undefined : added)

/** Not of PostgreSQL, whose errors have a SQLSTATE, nor of Redis: what it does not let us do now is no fault of a run. */
const isOfRun = (error: unknown): error is Error =>
  error instanceof Error &&
  !("code" in error) &&
  !(error instanceof RedisUnavailable || error instanceof ReplyError)
