import { WaitingError } from "bullmq"
import { isDatabaseAway } from "../db/errors.ts"
import { claimRun } from "../db/outbox.ts"
import { problemsOf } from "../lib/enqueue.ts"
import { PayloadError, PermanentError, RetryLater } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { queueKey } from "../lib/queues.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import type { Account } from "./account.ts"
import type { ActiveRun } from "./active-run.ts"
import { heeded } from "./heeded.ts"
import type { Try } from "./observer.ts"
import { postpone } from "./postpone.ts"
import { createRun, type Run } from "./run.ts"

export type AnyProcessor = (payload: never, run: Run) => Promise<unknown>

/** A try of a run that a worker has taken. */
export interface Taken {
  begun: Try
  active: ActiveRun
  token: string | undefined
}

/** Where the runs of a queue are done. */
export interface Place {
  processor: AnyProcessor
  account: Account
  /** The runs under way. */
  active: Set<ActiveRun>
  connection: RedisClient
  /** Whether the whole worker is to stop: what has not ended is then handed back. */
  isStopping: () => boolean
}

/** Milliseconds a run waits for a database that is away. */
const DATABASE_WAIT = 5_000

/**
 * One try of a run. Ends as the processor does: with its result, with its error (tried again, unless permanent),
 * or postponed: by RetryLater, or because PostgreSQL is away. Postponed or handed back to the queue, it burns no attempt.
 * Cancelled, or out of time, it ends for good with what the signal says, whatever its processor makes of that.
 */
export async function execute(taken: Taken, place: Place): Promise<unknown> {
  const { begun, active } = taken
  const { processor, account, isStopping } = place
  const run = createRun(begun, active, () => account.said(begun))
  try {
    if (active.reason) throw active.reason
    if (isStopping()) throw new Error("the worker is stopping")
    if (!(await mayStart(begun))) return leave(begun, account)
    begun.payload = parsePayload(begun.job, begun.queued.data)
    return await heeded(processor(begun.payload as never, run), active, () => account.ignored(begun))
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    // What the run has said belongs to this try: it is written before another worker can have the run.
    await run.settled()
    if (active.reason instanceof PermanentError) throw active.reason
    if (error instanceof PermanentError) throw error
    if (isStopping()) return await handBack(taken, error, place)
    const later = asLater(error)
    if (later) return await postpone(taken, later, place)
    throw error
  } finally {
    // Most runs say nothing, and a promise costs them as much as their payload.
    if (run.hasSaid) await run.settled()
    place.active.delete(active)
  }
}

/** What has come through the outbox may be there twice: only one of them is worked on. */
function mayStart({ queued }: Try): boolean | Promise<boolean> {
  const { outbox } = queued.opts as { outbox?: string }
  return outbox === undefined || claimRun(queued.id!, outbox)
}

/** End a run that is done, or at work, elsewhere: nobody is told, and nothing of it stays. */
function leave({ queued }: Try, account: Account) {
  queued.opts.removeOnComplete = true
  account.forget(queued)
}

/** Queued runs may be older than the code: what no longer parses will not at the next try either. */
function parsePayload(job: JobDefinition, data: unknown): unknown {
  const payload = job.payload.safeParse(data)
  if (payload.success) return payload.data
  throw new PermanentError(new PayloadError(`Bad payload for ${job.name}`, problemsOf(payload.error)).message)
}

/** An outage of the database is no fault of the run: it waits, with its attempts whole. */
function asLater(error: Error): RetryLater | undefined {
  if (error instanceof RetryLater) return error
  if (isDatabaseAway(error)) return new RetryLater(DATABASE_WAIT, `PostgreSQL is away: ${error.message}`)
  return undefined
}

async function handBack(
  { begun, token }: Taken,
  error: Error,
  { connection, account }: Place,
): Promise<never> {
  await begun.queued.moveToWait(token)
  // BullMQ wakes nobody for a run with a priority that comes back, and idle workers would sleep on.
  await connection.zadd(queueKey(begun.job.name, "marker"), 0, "0")
  account.putBack(begun, "handed-back", error)
  throw new WaitingError()
}
