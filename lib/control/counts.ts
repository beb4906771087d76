import type { JobDefinition } from "../jobs/define.ts"
import { onQueue } from "../queues.ts"

/** How many runs a queue holds in each state, and whether it is paused. */
export interface QueueCounts {
  waiting: number
  active: number
  completed: number
  failed: number
  delayed: number
  paused: boolean
}

/** Count the runs of a queue: it costs the same however many there are. Throws RedisUnavailable. */
export async function countRuns(job: JobDefinition): Promise<QueueCounts> {
  const [counts, paused] = await onQueue(job, (queue) =>
    Promise.all([
      queue.getJobCounts("waiting", "prioritized", "active", "completed", "failed", "delayed"),
      queue.isPaused(),
    ]),
  )
  const { waiting = 0, prioritized = 0, active = 0, completed = 0, failed = 0, delayed = 0 } = counts
  return { waiting: waiting + prioritized, active, completed, failed, delayed, paused }
}
