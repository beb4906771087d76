import type { JobDefinition } from "../jobs/define.ts"
import { onQueue } from "../queues.ts"
import { isRunId } from "../runs.ts"

/**
 * Take a run out of its queue, with all that Redis holds of it; one that a worker is at stays. Returns undefined when there is no
 * such run. Throws RedisUnavailable.
 */
export async function removeRun(job: JobDefinition, id: string): Promise<"removed" | "active" | undefined> {
  if (!isRunId(id)) return undefined
  return await onQueue(job, async (queue) => {
    // BullMQ removes what is not there as well.
    if ((await queue.getJobState(id)) === "unknown") return undefined
    return (await queue.remove(id)) ? "removed" : "active"
  })
}
