import { jobs } from "../lib/jobs/index.ts"
import { createLog } from "../lib/log.ts"
import { connectRedis } from "../lib/redis/connect.ts"
import { within } from "../lib/within.ts"
import type { AnyProcessor } from "./execute.ts"
import { processors } from "./processors/index.ts"
import { type Shared, startWorker } from "./start.ts"
import { createTroubles } from "./troubles.ts"

/** Milliseconds that processors have to heed the signal once the time to drain is over, and Redis to hear of the end. */
const TO_SETTLE = 5_000

/** Milliseconds that Redis has to answer what was asked of it when the stop came. */
const TO_CLOSE = 2_000

/** Work on every queue, until stopped. */
export function startWorkers() {
  let stopping = false
  const shared: Shared = {
    connection: connectRedis("worker"),
    active: new Set(),
    troubles: createTroubles(),
    isStopping: () => stopping,
  }
  const workers = jobs.map((job) => startWorker(job, processors[job.name] as AnyProcessor, shared))
  return {
    ...shared,
    workers,
    /** Take no more runs, let the active ones end for `drainSeconds`, then hand the rest back. */
    async stop(drainSeconds: number) {
      // Closing comes first: a run handed back to a queue still worked on is taken again at once.
      const closed = Promise.all(workers.map((worker) => worker.close()))
      await ended(drained(shared.active, closed), drainSeconds * 1_000)
      stopping = true
      for (const worker of workers) worker.cancelAllJobs("the worker is stopping")
      if (!(await ended(closed, TO_SETTLE))) createLog("Worker").warn(unsettled(shared.active.size))
    },
    disconnect: () => shared.connection.disconnect(),
  }
}

/** Nothing is under way and nothing more comes: that much only `closed` tells, and with Redis away it never does. */
async function drained(active: Set<Promise<unknown>>, closed: Promise<unknown>) {
  do while (active.size) await Promise.allSettled(active)
  while (!(await ended(closed, TO_CLOSE)) && active.size)
}

const unsettled = (runs: number) =>
  runs
    ? `${runs} runs did not heed the signal to stop: another worker will find them stalled`
    : "Redis did not answer: a run that has just ended may be found stalled, and done again"

const ended = (work: Promise<unknown>, milliseconds: number) =>
  within(milliseconds, "stopping", work).then(
    () => true,
    (error: Error) => {
      if (error.name === "TimeoutError") return false
      throw error
    },
  )
