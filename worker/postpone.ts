import { DelayedError } from "bullmq"
import { PermanentError, type RetryLater } from "../lib/errors.ts"
import { queueKey } from "../lib/queues.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import type { Place, Taken } from "./execute.ts"

/** Milliseconds for which one try of a run may be put off, before the run has failed. */
const LONGEST = 24 * 3_600_000

/** Put a run off without burning an attempt. Throws PermanentError once it has been put off for too long. */
export async function postpone(
  { begun, token }: Taken,
  later: RetryLater,
  { connection, account }: Place,
): Promise<never> {
  const { job, queued } = begun
  const now = Date.now()
  const first = await firstPostponed(connection, queueKey(job.name, queued.id!), queued.attemptsMade, now)
  if (now + later.delay - first > LONGEST) {
    throw new PermanentError(`Postponed for more than a day: ${later.message}`)
  }
  await queued.moveToDelayed(now + later.delay, token)
  account.putBack(begun, "postponed", later)
  throw new DelayedError(later.message)
}

/** When this try was first put off, kept with the run: the run itself may be older, having waited for its turn. */
async function firstPostponed(connection: RedisClient, key: string, attempt: number, now: number) {
  const field = `postponed:${attempt}`
  await connection.hsetnx(key, field, now)
  return Number(await connection.hget(key, field))
}
