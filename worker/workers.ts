import { jobs } from "../lib/jobs/index.ts"
import { createLog } from "../lib/log.ts"
import { connectRedis } from "../lib/redis/connect.ts"
import { within } from "../lib/within.ts"
import type { AnyProcessor } from "./execute.ts"
import { processors } from "./processors/index.ts"
import { startWorker } from "./start.ts"

/** Milliseconds that processors have to heed the signal once the time to drain is over. */
const TO_SETTLE = 5_000

/** Work on every queue. `stop` lets active runs end for `drainSeconds`, then hands the rest back. */
export function startWorkers(definitions = jobs as readonly (typeof jobs)[number][]) {
  const connection = connectRedis("worker")
  const stopping = new AbortController()
  const workers = definitions.map((job) =>
    startWorker(job, processors[job.name] as AnyProcessor, { connection, stopping: stopping.signal }),
  )
  return {
    connection,
    workers,
    async stop(drainSeconds: number) {
      // Closing comes first: a run handed back to a queue still worked on is taken again at once.
      const closed = Promise.all(workers.map((worker) => worker.close()))
      await ended(closed, drainSeconds * 1_000)
      stopping.abort(new DOMException("the worker is stopping", "AbortError"))
      if (!(await ended(closed, TO_SETTLE))) {
        createLog("Worker").warn(
          "Some runs ignored the signal to stop: another worker will find them stalled",
        )
      }
      connection.disconnect()
    },
  }
}

const ended = (work: Promise<unknown>, milliseconds: number) =>
  within(milliseconds, "draining", work).then(
    () => true,
    (error: Error) => {
      if (error.name === "TimeoutError") return false
      throw error
    },
  )
