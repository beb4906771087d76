import type { JobDefinition } from "../jobs/define.ts"
import { onRedis, queueKey } from "../queues.ts"
import { outcomeOf } from "../runs-outcome.ts"

/** Runs that are looked at one by one. */
const MOST = 1_000

/** The beginnings of what they failed of, in one command; how many there are when they are too many. */
const REASONS = `
local count = redis.call("ZCARD", KEYS[1])
if count > tonumber(ARGV[1]) then return count end
local reasons = {}
for _, id in ipairs(redis.call("ZRANGE", KEYS[1], 0, -1)) do
  reasons[#reasons + 1] = string.sub(redis.call("HGET", ARGV[2] .. id, "failedReason") or "", 1, 100)
end
return reasons`

/** How many runs of a queue have failed; not counted those that were cancelled, unless they are more than a thousand together. Throws RedisUnavailable. */
export async function countFailed({ name }: JobDefinition): Promise<number> {
  const found = (await onRedis((client) =>
    client.eval(REASONS, 1, queueKey(name, "failed"), MOST, queueKey(name, "")),
  )) as string[] | number
  if (typeof found === "number") return found
  return found.filter((reason) => outcomeOf(reason) !== "cancelled").length
}
