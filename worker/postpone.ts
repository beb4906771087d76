import { DelayedError, type Job as QueuedJob } from "bullmq"
import { PermanentError, type RetryLater } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { createLog } from "../lib/log.ts"
import { runKey } from "../lib/queues.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import type { Taken } from "./execute.ts"

/** Milliseconds for which one try of a run may be put off, before the run has failed. */
const LONGEST = 24 * 3_600_000

/** Put a run off without burning an attempt. Throws PermanentError once it has been put off for too long. */
export async function postpone(
  job: JobDefinition,
  queued: QueuedJob,
  { token, connection }: Pick<Taken, "token" | "connection">,
  { delay, message }: RetryLater,
): Promise<never> {
  const now = Date.now()
  if (
    now + delay - (await firstPostponed(connection, runKey(job.name, queued.id!), queued.attemptsMade, now)) >
    LONGEST
  ) {
    throw new PermanentError(`Postponed for more than a day: ${message}`)
  }
  await queued.moveToDelayed(now + delay, token)
  createLog(`Worker:${job.name}`).info(`Job ${queued.id} is postponed`, {
    milliseconds: delay,
    reason: message,
  })
  throw new DelayedError(message)
}

/** When this try was first put off, kept with the run: the run itself may be older, having waited for its turn. */
async function firstPostponed(connection: RedisClient, key: string, attempt: number, now: number) {
  const field = `postponed:${attempt}`
  await connection.hsetnx(key, field, now)
  return Number(await connection.hget(key, field))
}
