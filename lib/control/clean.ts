import type { JobDefinition } from "../jobs/define.ts"
import { onQueue, onRedis, queueKey } from "../queues.ts"
import type { EndState } from "../runs-outcome.ts"

/** Runs removed in one script: Redis does nothing else meanwhile. */
const BATCH = 500

/** Milliseconds that one call may take: who called waits for it. */
const PATIENCE = 15_000

/**
 * Have Redis forget the runs that ended in a state longer ago than so many milliseconds, oldest first; the ledger keeps them.
 * Returns how many, and whether the time was up before all were gone. Throws RedisUnavailable.
 */
export async function cleanRuns(
  job: JobDefinition,
  state: EndState,
  olderThan: number,
  { patience = PATIENCE, now = Date.now() } = {},
): Promise<{ count: number; isMore: boolean }> {
  const deadline = performance.now() + patience
  const before = now - olderThan
  for (let count = 0; ; ) {
    const removed = await onQueue(job, (queue) => queue.clean(Date.now() - before, BATCH, state))
    count += removed.length
    if (removed.length < BATCH) return { count, isMore: false }
    if (performance.now() >= deadline) return { count, isMore: true }
  }
}

/** How many runs that ended in a state before that moment Redis has; milliseconds since 1970. Throws RedisUnavailable. */
export const countEnded = ({ name }: JobDefinition, state: EndState, before: number): Promise<number> =>
  onRedis((redis) => redis.zcount(queueKey(name, state), "-inf", `(${before}`))
