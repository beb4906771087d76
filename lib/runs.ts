import type { JobState, Job as QueuedJob } from "bullmq"
import { z } from "zod"
import type { JobDefinition } from "./jobs/define.ts"
import { onQueue } from "./queues.ts"
import { outcomeOf } from "./runs-outcome.ts"
import { scheduleOf } from "./schedules/run-id.ts"

/** What is known of a run. Times are milliseconds since 1970, or null while they have not come. */
export const runStatus = z.object({
  jobId: z.string(),
  queue: z.string(),
  name: z.string(),
  status: z.enum(["waiting", "delayed", "active", "completed", "failed", "cancelled"]),
  progress: z.object({ percentage: z.number(), stage: z.string(), message: z.string() }),
  data: z.unknown(),
  returnValue: z.unknown(),
  failedReason: z.string().nullable(),
  attemptsMade: z.int(),
  createdAt: z.int(),
  processedOn: z.int().nullable(),
  finishedOn: z.int().nullable(),
})

export type RunStatus = z.output<typeof runStatus>

/** Looks at most at a run that ends, or is tried again, meanwhile: neither comes twice within a moment. */
const LOOKS = 3

const uuid = z.uuid()

/** Whether this is the id of a run: other keys of a queue are none, though they would be found. */
export const isRunId = (id: string) => uuid.safeParse(id).success || scheduleOf(id) !== undefined

/** A run by its id, or undefined when Redis holds it no longer. Throws RedisUnavailable. */
export async function findRun(job: JobDefinition, id: string): Promise<RunStatus | undefined> {
  const found = await lookAt(job, id)
  return found && describe(job, found.queued, found.state)
}

/** A run and its state, both as of one moment; undefined when Redis holds it no longer. Throws RedisUnavailable. */
export async function lookAt(job: JobDefinition, id: string) {
  if (!isRunId(id)) return undefined
  return await onQueue(job, async (queue) => {
    for (let look = 1; ; look++) {
      const [queued, state] = await Promise.all([queue.getJob(id), queue.getJobState(id)])
      if (!queued || state === "unknown") return undefined
      // BullMQ tells them one by one: a run that ended in between would have completed without a result.
      const isWhole = (state === "completed" || state === "failed") === (queued.finishedOn !== undefined)
      if (isWhole || look === LOOKS) return { queued, state }
    }
  })
}

/** A run as BullMQ has it in this state, as its status tells it. */
export function describe(
  job: JobDefinition,
  queued: QueuedJob,
  state: Exclude<JobState, "unknown">,
): RunStatus {
  const status = statusOf(state, queued.failedReason)
  return {
    jobId: queued.id!,
    queue: job.name,
    name: queued.name,
    status,
    progress: progressOf(queued.progress, status),
    data: queued.data,
    returnValue: queued.returnvalue ?? null,
    // BullMQ keeps what an earlier try failed of.
    failedReason: status === "completed" ? null : (queued.failedReason ?? null),
    attemptsMade: queued.attemptsMade,
    createdAt: queued.timestamp,
    processedOn: queued.processedOn ?? null,
    finishedOn: queued.finishedOn ?? null,
  }
}

function statusOf(state: Exclude<JobState, "unknown">, failedReason?: string): RunStatus["status"] {
  // Every run has a priority, so BullMQ has them waiting under another name.
  if (state === "prioritized" || state === "waiting-children") return "waiting"
  return state === "failed" && outcomeOf(failedReason ?? "") === "cancelled" ? "cancelled" : state
}

const progressSchema = runStatus.shape.progress

/** What a run has said of how far it is, or what its status says. */
export function progressOf(said: unknown, status: RunStatus["status"]) {
  const progress = progressSchema.safeParse(said)
  if (progress.success) return progress.data
  return { percentage: status === "completed" ? 100 : 0, stage: status, message: "" }
}
