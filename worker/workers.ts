import { jobs } from "../lib/jobs/index.ts"
import { createLog } from "../lib/log.ts"
import { connectRedis } from "../lib/redis/connect.ts"
import { within } from "../lib/within.ts"
import type { AnyProcessor } from "./execute.ts"
import { processors } from "./processors/index.ts"
import { startWorker } from "./start.ts"

/** Milliseconds that processors have to heed the signal once the time to drain is over, and Redis to hear of the end. */
const TO_SETTLE = 5_000

/** Work on every queue. `stop` lets active runs end for `drainSeconds`, then hands the rest back. */
export function startWorkers(definitions = jobs as readonly (typeof jobs)[number][]) {
  const connection = connectRedis("worker")
  const active = new Set<Promise<unknown>>()
  const stopping = new AbortController()
  const shared = { connection, active, stopping: stopping.signal }
  const workers = definitions.map((job) => startWorker(job, processors[job.name] as AnyProcessor, shared))
  return {
    connection,
    workers,
    async stop(drainSeconds: number) {
      const log = createLog("Worker")
      // Closing comes first: a run handed back to a queue still worked on is taken again at once.
      const closed = Promise.all(workers.map((worker) => worker.close()))
      await ended(allOf(active), drainSeconds * 1_000)
      stopping.abort(new DOMException("the worker is stopping", "AbortError"))
      if (!(await ended(allOf(active), TO_SETTLE))) {
        log.warn(`${active.size} runs did not heed the signal to stop: another worker will find them stalled`)
      } else if (!(await ended(closed, TO_SETTLE))) {
        log.warn("Redis did not answer: a run that has just ended may be found stalled, and done again")
      }
      connection.disconnect()
    },
  }
}

async function allOf(active: Set<Promise<unknown>>) {
  while (active.size) await Promise.allSettled(active)
}

const ended = (work: Promise<unknown>, milliseconds: number) =>
  within(milliseconds, "draining", work).then(
    () => true,
    (error: Error) => {
      if (error.name === "TimeoutError") return false
      throw error
    },
  )
