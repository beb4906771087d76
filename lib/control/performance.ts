import type { JobDefinition } from "../jobs/define.ts"
import { KEPT, onRedis, queueKey } from "../queues.ts"

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Runs of each end that are looked at. */
const LOOKED_AT = 100

/** How a queue does, as far as Redis still holds what it has done. */
export interface QueuePerformance {
  /** Milliseconds that a run took, of those looked at that completed; 0 when there is none. */
  avgProcessingTime: number
  /** Of the runs looked at, those that completed, in percent; 0 when there is none. */
  successRate: number
  /** Runs that ended, a minute, within the last hour. */
  throughput: number
  /** Runs that ended within the last hour and are still in Redis. */
  recentJobs: number
}

/** Judge a queue by its latest runs: at most 100 that completed and 100 that did not. Throws RedisUnavailable. */
export async function performanceOf(job: JobDefinition, now = Date.now()): Promise<QueuePerformance> {
  const since = now - HOUR
  const { good, bad, timed, time, ...recent } = await figuresOf(job, since)
  return {
    avgProcessingTime: timed && Math.round(time / timed),
    successRate: good + bad && Math.round((good / (good + bad)) * 100),
    ...rateOf(recent, since, now),
  }
}

/**
 * In one command, that answers with figures and not with runs. Of the end that comes more often only the newest are looked at: what
 * is older of the other would weigh too much.
 */
const SCRIPT = `
local completed, failed, run, most, since = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local function endOf(set, place)
  return tonumber(redis.call("ZRANGE", set, place, place, "WITHSCORES")[2] or 0)
end
local from = string.format("%.0f", math.max(endOf(completed, -most), endOf(failed, -most)))
local function lookedAt(set) return math.min(most, redis.call("ZCOUNT", set, from, "+inf")) end
local timed, time = 0, 0
for _, id in ipairs(redis.call("ZREVRANGE", completed, 0, most - 1)) do
  local times = redis.call("HMGET", run .. id, "processedOn", "finishedOn")
  if times[1] and times[2] then timed, time = timed + 1, time + times[2] - times[1] end
end
return {
  lookedAt(completed), lookedAt(failed), timed, time, redis.call("ZCARD", completed), endOf(completed, 0),
  redis.call("ZCOUNT", completed, since, "+inf"), redis.call("ZCOUNT", failed, since, "+inf")
}`

async function figuresOf({ name }: JobDefinition, since: number) {
  const keys = [queueKey(name, "completed"), queueKey(name, "failed")]
  const [good, bad, timed, time, held, oldest, completed, failed] = (await onRedis((client) =>
    client.eval(SCRIPT, keys.length, ...keys, queueKey(name, ""), LOOKED_AT, since),
  )) as [number, number, number, number, number, number, number, number]
  return { good, bad, timed, time, held, oldest, completed, failed }
}

interface Recent {
  /** Runs that completed, all that Redis holds, and when the oldest did. */
  held: number
  oldest: number
  /** Of the last hour. */
  completed: number
  failed: number
}

/** Of a busy queue Redis holds less than an hour: the rate is then that of the time it does hold. */
function rateOf({ held, oldest, completed, failed }: Recent, since: number, now: number) {
  const isCut = held >= KEPT.completed.count && oldest > since
  const minutes = isCut ? Math.max((now - oldest) / MINUTE, 1 / 60) : 60
  return {
    throughput: Math.round((completed / minutes + failed / 60) * 100) / 100,
    recentJobs: completed + failed,
  }
}
