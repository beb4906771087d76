import { setTimeout as wait } from "node:timers/promises"
import { z } from "zod"
import type { JobDefinition } from "./jobs/define.ts"
import { onRedis, queueKey } from "./queues.ts"
import { isRunId } from "./runs.ts"

/** Where workers hear of runs to be cancelled. */
export const CANCELLATIONS = "esteira:cancellations"

/** Milliseconds until an active run's worker should have ended it. */
const PATIENCE = 2_000
const LOOK_AGAIN = 50

/** Milliseconds after which an active run's worker is told again: it may not have begun the run when it heard of it. */
const TELL_AGAIN = 500

/** What workers are told: the run, the sentence it is to end with, and whether it was cancelled while nobody had it. */
export const cancelMessage = z.object({
  queue: z.string(),
  id: z.string(),
  reason: z.string(),
  ended: z.boolean(),
})

/** The sentence a cancelled run ends with. */
export const cancelledBy = (actor: string, reason?: string) =>
  `Cancelled by ${actor}${reason ? `: ${reason}` : ""}`

export type Cancelled =
  /** It has ended, cancelled. */
  | "cancelled"
  /** Its worker was told and has not ended it yet. */
  | "cancelling"
  /** It had ended before, or ended by itself meanwhile. */
  | "ended"

/**
 * Cancel a run: one that waits or is delayed at once, an active one through whichever worker has it.
 * Returns undefined when there is no such run. Throws RedisUnavailable.
 */
export async function cancelRun(
  job: Pick<JobDefinition, "name">,
  id: string,
  { actor, reason: why }: { actor: string; reason?: string | undefined },
): Promise<Cancelled | undefined> {
  if (!isRunId(id)) return undefined
  const reason = cancelledBy(actor, why)
  const deadline = performance.now() + PATIENCE
  let tellAt = 0
  for (;;) {
    const found = await tryToCancel(job, id, reason)
    if (found === "unknown") return undefined
    if (found === "ended" || found === "cancelled") return found
    const ended = found === "removed"
    if (ended || performance.now() >= tellAt) {
      await tellCancelled({ queue: job.name, id, reason, ended })
      tellAt = performance.now() + TELL_AGAIN
    }
    if (ended) return "cancelled"
    if (performance.now() > deadline) return "cancelling"
    await wait(LOOK_AGAIN)
  }
}

type Found = "unknown" | "ended" | "cancelled" | "removed" | "active"

/**
 * A run nobody has is moved to the failed ones, as BullMQ itself would; an active one is marked with a deferred failure, with
 * which whichever worker takes it next ends it. One script, since a run may be taken between a look and a move. The keys
 * are those of BullMQ 6.
 */
export const CANCEL_SCRIPT = `
local run, id = KEYS[1], ARGV[1]
if redis.call("EXISTS", run) == 0 then return "unknown" end
if redis.call("ZSCORE", KEYS[5], id) then
  redis.call("HDEL", run, "defa")
  return "ended"
end
if redis.call("ZSCORE", KEYS[6], id) then
  local reason = redis.call("HGET", run, "failedReason")
  if reason and string.sub(reason, 1, 13) == "Cancelled by " then return "cancelled" end
  return "ended"
end
local held = redis.call("ZREM", KEYS[2], id) + redis.call("ZREM", KEYS[3], id) + redis.call("LREM", KEYS[4], 0, id)
if held == 0 then
  if not redis.call("LPOS", KEYS[9], id) then return "unknown" end
  redis.call("HSETNX", run, "defa", ARGV[2])
  return "active"
end
local deduplication = redis.call("HGET", run, "deid")
if deduplication then
  local key = KEYS[8] .. deduplication
  if redis.call("GET", key) == id then redis.call("DEL", key, KEYS[10] .. deduplication) end
end
redis.call("HDEL", run, "defa")
redis.call("HSET", run, "failedReason", ARGV[2], "finishedOn", ARGV[3])
redis.call("ZADD", KEYS[6], ARGV[3], id)
redis.call("XADD", KEYS[7], "MAXLEN", "~", "10000", "*", "event", "failed", "jobId", id, "failedReason", ARGV[2], "prev", "waiting")
return "removed"`

/** What the script is told after the run's own key. */
export const CANCEL_KEYS = [
  "prioritized",
  "delayed",
  "wait",
  "completed",
  "failed",
  "events",
  "de:",
  "active",
  "dn:",
]

async function tryToCancel(
  { name }: Pick<JobDefinition, "name">,
  id: string,
  reason: string,
): Promise<Found> {
  const keys = CANCEL_KEYS.map((kind) => queueKey(name, kind))
  return (await onRedis((client) =>
    client.eval(CANCEL_SCRIPT, 1 + keys.length, queueKey(name, id), ...keys, id, reason, Date.now()),
  )) as Found
}

/** Tell the workers. */
export const tellCancelled = (message: z.input<typeof cancelMessage>) =>
  onRedis((client) => client.publish(CANCELLATIONS, JSON.stringify(message)))
