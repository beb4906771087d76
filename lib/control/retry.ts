import type { JobDefinition } from "../jobs/define.ts"
import { onQueue } from "../queues.ts"
import { findRun, type RunStatus } from "../runs.ts"

/**
 * Have a run that has failed, or was cancelled, tried once more: as BullMQ does it, its attempts count on, so that it fails at
 * once when it fails again. Returns `retried`, or the status that forbids it; undefined when Redis holds no such run. Throws
 * RedisUnavailable.
 */
export async function retryRun(
  job: JobDefinition,
  id: string,
): Promise<"retried" | RunStatus["status"] | undefined> {
  const run = await findRun(job, id)
  if (!run || !hasFailed(run)) return run?.status
  try {
    const retried = await onQueue(job, async (queue) => {
      const queued = await queue.getJob(id)
      await queued?.retry("failed")
      return queued
    })
    return retried && "retried"
  } catch (error) {
    // Somebody else was faster: it is told as it is now.
    if (!isRefusal(error)) throw error
    return (await findRun(job, id))?.status
  }
}

const hasFailed = ({ status }: RunStatus) => status === "failed" || status === "cancelled"

/** BullMQ's own word, by its number: the run is not there, or not among the failed. */
const isRefusal = (error: unknown) =>
  error instanceof Error && "code" in error && [-1, -3].includes(error.code as number)
