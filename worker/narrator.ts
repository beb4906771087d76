import { createLog } from "../lib/log.ts"
import type { EndedTry, Observer } from "./observer.ts"

/** The log of a queue's worker. */
export const workerLog = (queue: string) => createLog(`Worker:${queue}`)

/** Tells the log what becomes of runs. */
export const narrator: Observer = {
  started: ({ job, queued }) => workerLog(job.name).info(`Processing job ${queued.id}`),
  ended,
  stalled: (job, id) =>
    workerLog(job.name).warn(`Job ${id} was left behind by a worker and is taken up again`),
  ignored: ({ job, queued }) =>
    workerLog(job.name).error(
      `Job ${queued.id} is ended, and its processor does not heed the signal: it may still be at work`,
    ),
}

function ended({ job, queued, attempt, outcome, error }: EndedTry) {
  const log = workerLog(job.name)
  const reason = error?.message
  if (outcome === "completed") return log.info(`Job ${queued.id} completed successfully`)
  if (outcome === "failed") return log.error(`Job ${queued.id} failed`, { attempt, reason, error })
  if (outcome === "retrying")
    return log.warn(`Job ${queued.id} failed and will be tried again`, { attempt, reason })
  if (outcome === "cancelled" || outcome === "timed-out")
    return log.warn(`Job ${queued.id} is ${outcome}`, { reason })
  return log.info(`Job ${queued.id} is ${outcome}`, { reason })
}
