import type { JobDefinition } from "../jobs/define.ts"
import { onRedis, queueKey } from "../queues.ts"
import { outcomeOf } from "../runs-outcome.ts"

/** Runs that are looked at one by one. */
const MOST = 1_000

/** How many runs of a queue have failed, those not counted that were cancelled; undefined where they are too many to look at. Throws RedisUnavailable. */
export async function countFailed({ name }: JobDefinition): Promise<number | undefined> {
  const ids = await onRedis((client) => client.zrange(queueKey(name, "failed"), "0", `${MOST}`))
  if (ids.length > MOST) return undefined
  const reasons = await onRedis((client) =>
    Promise.all(ids.map((id) => client.hget(queueKey(name, id), "failedReason"))),
  )
  return reasons.filter((reason) => outcomeOf(reason ?? "") !== "cancelled").length
}
