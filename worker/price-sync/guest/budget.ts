import { askRedis } from "../../../lib/redis/ask.ts"
import type { RedisClient } from "../../../lib/redis/connect.ts"
import { BudgetSpent } from "../nota-parana/errors.ts"

const KEY = "esteira:{nota-parana}:budget"
const DAY = 86_400_000

interface BudgetOptions {
  redis: RedisClient
  /** Requests a day. */
  limit: number
  now?: () => number
}

/** Days never go back: a worker whose clock is behind does not give the day before its budget anew. */
const CLAIM = `
local day, used = tonumber(redis.call("HGET", KEYS[1], "day") or 0), tonumber(redis.call("HGET", KEYS[1], "used") or 0)
local today, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
if today > day then day, used = today, 0 end
if used >= limit then return {day, 0} end
redis.call("HSET", KEYS[1], "day", day, "used", used + 1)
return {day, 1}`

export type Budget = ReturnType<typeof createBudget>

/** The requests of a day (UTC), kept in Redis for all processes. */
export function createBudget({ redis, limit, now = Date.now }: BudgetOptions) {
  const today = () => Math.floor(now() / DAY)

  return {
    /** Take one request from what is left. Throws BudgetSpent when nothing is, and RedisUnavailable. */
    async claim() {
      const [day, granted] = (await askRedis(redis, (client) =>
        client.eval(CLAIM, 1, KEY, today(), limit),
      )) as [number, number]
      if (!granted) throw new BudgetSpent(limit, new Date((day + 1) * DAY))
    },
    /** How much of this day's budget is used. */
    async look() {
      const [day, used] = await askRedis(redis, (client) => client.hmget(KEY, "day", "used"))
      return { limit, used: Number(day) < today() ? 0 : Number(used) }
    },
  }
}
