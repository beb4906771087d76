import type { JobDefinition } from "../jobs/define.ts"
import { onQueue } from "../queues.ts"
import { gauge, type Reading } from "./exposition.ts"

const STATES = ["waiting", "prioritized", "delayed", "active", "completed", "failed"] as const

/** How many runs each queue holds. It costs Redis a command for each queue. */
export async function queueMetrics(jobs: readonly JobDefinition[]) {
  const readings = await Promise.all(
    jobs.map(async (job) => {
      const counts = await onQueue(job, (queue) => queue.getJobCounts(...STATES))
      return STATES.map((state): Reading => [{ queue: job.name, state }, counts[state] ?? 0])
    }),
  )
  const help =
    "Runs in Redis, by queue and state; every process tells the same: take the maximum, not the sum."
  return gauge("esteira_queue_runs", help, readings.flat())
}
