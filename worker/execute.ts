import { DelayedError, type Job as QueuedJob, WaitingError } from "bullmq"
import { problemsOf } from "../lib/enqueue.ts"
import { PayloadError, PermanentError, RetryLater } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { createRun, type Run } from "./run.ts"

export type AnyProcessor = (payload: never, run: Run) => Promise<unknown>

/** Milliseconds after which a run that keeps being postponed has failed. */
const POSTPONED_FOR_GOOD = 24 * 3_600_000

/** What a try of a run gets from the worker that took it. */
export interface Taken {
  queued: QueuedJob
  token: string | undefined
  /** The run is to stop. */
  cancelled: AbortSignal
  /** The whole worker is to stop: what has not ended by then is handed back. */
  stopping: AbortSignal
}

/**
 * One try of a run. Ends as the processor does: with its result, with its error (tried again, unless permanent),
 * or postponed by RetryLater. Postponed or handed back to the queue, it burns no attempt.
 */
export async function execute(job: JobDefinition, processor: AnyProcessor, taken: Taken): Promise<unknown> {
  const { queued, token, cancelled, stopping } = taken
  const payload = parsePayload(job, queued.data)
  const run = createRun(job.name, queued, AbortSignal.any([cancelled, stopping]))
  try {
    return await processor(payload as never, run)
  } catch (error) {
    if (stopping.aborted) return await handBack(queued, token)
    if (error instanceof RetryLater) return await postpone(queued, error, token)
    throw error
  } finally {
    await run.settle()
  }
}

/** Queued runs may be older than the code: what no longer parses will not at the next try either. */
function parsePayload(job: JobDefinition, data: unknown): unknown {
  const payload = job.payload.safeParse(data)
  if (payload.success) return payload.data
  throw new PermanentError(new PayloadError(`Bad payload for ${job.name}`, problemsOf(payload.error)).message)
}

async function postpone(
  queued: QueuedJob,
  { delay, message }: RetryLater,
  token: string | undefined,
): Promise<never> {
  const resumed = Date.now() + delay
  if (resumed - queued.timestamp > POSTPONED_FOR_GOOD) {
    throw new PermanentError(`Postponed for more than a day: ${message}`)
  }
  await queued.moveToDelayed(resumed, token)
  throw new DelayedError(message)
}

async function handBack(queued: QueuedJob, token: string | undefined): Promise<never> {
  await queued.moveToWait(token)
  throw new WaitingError()
}
