import type { Job as QueuedJob } from "bullmq"
import type { JobDefinition } from "../jobs/define.ts"
import { onQueue, onRedis, queueKey } from "../queues.ts"
import { describe, type RunStatus } from "../runs.ts"

/** Runs read from Redis at a time: a payload may have 64 KiB. */
const BATCH = 50

type State = Parameters<typeof describe>[2]

/** A run as Redis has it, and what BullMQ alone tells of it. */
export interface QueuedRun extends RunStatus {
  stacktrace: string[]
  priority: number
  attempts: number
}

/** What Redis holds of runs in a state, in the order of their ids; those that are gone meanwhile are left out. Throws RedisUnavailable. */
export async function readRuns(
  job: JobDefinition,
  state: State,
  ids: readonly string[],
): Promise<QueuedRun[]> {
  const runs: QueuedRun[] = []
  for (let first = 0; first < ids.length; first += BATCH) {
    const batch = ids.slice(first, first + BATCH)
    const found = await onQueue(job, (queue) => Promise.all(batch.map((id) => queue.getJob(id))))
    runs.push(...found.flatMap((queued) => (queued ? [describeQueued(job, queued, state)] : [])))
  }
  return runs
}

/** A run as BullMQ has it. */
export const describeQueued = (job: JobDefinition, queued: QueuedJob, state: State): QueuedRun => ({
  ...describe(job, queued, state),
  stacktrace: queued.stacktrace ?? [],
  priority: queued.opts.priority ?? 0,
  attempts: queued.opts.attempts || job.attempts,
})

/** Ids of the first runs in a state: of those that wait the next to be taken, of those that have failed the latest. Throws RedisUnavailable. */
export async function firstIds(
  { name }: JobDefinition,
  state: "waiting" | "active" | "failed",
  limit: number,
): Promise<string[]> {
  const key = (part: string) => queueKey(name, part)
  return await onRedis(async (client) => {
    if (state === "active") return await client.lrange(key("active"), 0, limit - 1)
    if (state === "failed") return await client.zrevrange(key("failed"), 0, limit - 1)
    const [first, then] = await Promise.all([
      client.lrange(key("wait"), -limit, -1),
      client.zrange(key("prioritized"), "0", `${limit - 1}`),
    ])
    return [...first.reverse(), ...then].slice(0, limit)
  })
}
