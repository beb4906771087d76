import { onRedis } from "../queues.ts"
import { keysThatBegin } from "../redis/scan.ts"
import { SESSIONS } from "./store.ts"

// In one step: a session that is used meanwhile has an end again, and is not taken for one that nobody uses. Not every Redis
// tells since when a key is idle; there a session is given its time all the same.
const SETTLE = `
if redis.call("ttl", KEYS[1]) ~= -1 then return "ending" end
local idle = redis.pcall("object", "idletime", KEYS[1])
local unused = type(idle) == "number" and idle >= tonumber(ARGV[1])
if ARGV[2] == "1" then return unused and "deleted" or "given" end
if unused then
  redis.call("unlink", KEYS[1])
  return "deleted"
end
redis.call("expire", KEYS[1], ARGV[1])
return "given"
`

/** What became of sessions: those that end by themselves, those that were deleted, and those that were given an end. */
export type Settled = Record<"ending" | "deleted" | "given", number>

/**
 * Delete the sessions that would never end and were not used for so many seconds, and give those that were an end after as many without
 * use. Those that end by themselves are left to. Throws RedisUnavailable.
 */
export async function sweepSessions(
  seconds: number,
  { dryRun, signal }: { dryRun: boolean; signal: AbortSignal },
): Promise<Settled> {
  const settled = { ending: 0, deleted: 0, given: 0 }
  for await (const keys of keysThatBegin(SESSIONS, signal)) {
    const lifetimes = await onRedis((redis) => Promise.all(keys.map((key) => redis.ttl(key))))
    for (const [at, key] of keys.entries()) {
      if (lifetimes[at] === -1) {
        const became = await onRedis((redis) => redis.eval(SETTLE, 1, key, seconds, dryRun ? 1 : 0))
        settled[became as keyof Settled] += 1
      } else if (lifetimes[at]! >= 0) settled.ending += 1
    }
  }
  return settled
}
