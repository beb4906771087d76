import { type Job as QueuedJob, WaitingError } from "bullmq"
import { isDatabaseAway } from "../db/errors.ts"
import { problemsOf } from "../lib/enqueue.ts"
import { PayloadError, PermanentError, RetryLater } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import { postpone } from "./postpone.ts"
import { createRun, type Run } from "./run.ts"

export type AnyProcessor = (payload: never, run: Run) => Promise<unknown>

/** What a try of a run gets from the worker that took it. */
export interface Taken {
  queued: QueuedJob
  token: string | undefined
  /** The run is to stop. */
  signal: AbortSignal
  /** Whether the whole worker is to stop: what has not ended is then handed back. */
  isStopping: () => boolean
  connection: RedisClient
}

/** Milliseconds a run waits for a database that is away. */
const DATABASE_WAIT = 5_000

/**
 * One try of a run. Ends as the processor does: with its result, with its error (tried again, unless permanent),
 * or postponed: by RetryLater, or because PostgreSQL is away. Postponed or handed back to the queue, it burns no attempt.
 */
export async function execute(job: JobDefinition, processor: AnyProcessor, taken: Taken): Promise<unknown> {
  const { queued, signal, isStopping } = taken
  const payload = parsePayload(job, queued.data)
  const run = createRun(job.name, queued, signal)
  try {
    return await processor(payload as never, run)
  } catch (error) {
    if (error instanceof PermanentError) throw error
    // What the run has said belongs to this try: it is written before another worker can have the run.
    await run.settle()
    if (isStopping()) return await handBack(taken)
    const later = asLater(error)
    if (later) return await postpone(job, queued, taken, later)
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

/** An outage of the database is no fault of the run: it waits, with its attempts whole. */
function asLater(error: unknown): RetryLater | undefined {
  if (error instanceof RetryLater) return error
  if (isDatabaseAway(error))
    return new RetryLater(DATABASE_WAIT, `PostgreSQL is away: ${(error as Error).message}`)
  return undefined
}

async function handBack({ queued, token }: Taken): Promise<never> {
  await queued.moveToWait(token)
  throw new WaitingError()
}
