import type { JobDefinition } from "../jobs/define.ts"
import { KEPT, onRedis, queueKey } from "../queues.ts"
import type { EndState } from "../runs-outcome.ts"
import { type Ended, endedPage } from "./ended-page.ts"

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
  const [completed, failed, avgProcessingTime, throughput] = await Promise.all([
    latest(job, "completed"),
    latest(job, "failed"),
    averageTime(job),
    throughputOf(job, now),
  ])
  // Of the end that comes more often only the newest were seen: what is older of the other would weigh too much.
  const from = Math.max(horizonOf(completed), horizonOf(failed))
  const [good, bad] = [completed, failed].map((runs) => runs.filter(({ at }) => at >= from).length) as [
    number,
    number,
  ]
  return {
    avgProcessingTime,
    successRate: good + bad && Math.round((good / (good + bad)) * 100),
    ...throughput,
  }
}

const latest = (job: JobDefinition, state: EndState) => endedPage([{ name: state, job, state }], LOOKED_AT)

const horizonOf = (runs: Ended[]) => (runs.length < LOOKED_AT ? 0 : runs.at(-1)!.at)

/** One command where reading each run would take a hundred. */
const TIMES = `
local known, sum = 0, 0
local ended = redis.call("ZREVRANGE", KEYS[1], 0, ARGV[1] - 1, "WITHSCORES")
for place = 1, #ended, 2 do
  local began = redis.call("HGET", ARGV[2] .. ended[place], "processedOn")
  if began then known, sum = known + 1, sum + ended[place + 1] - began end
end
return { known, sum }`

async function averageTime({ name }: JobDefinition): Promise<number> {
  const [known, sum] = (await onRedis((client) =>
    client.eval(TIMES, 1, queueKey(name, "completed"), LOOKED_AT, queueKey(name, "")),
  )) as [number, number]
  return known && Math.round(sum / known)
}

/** Of a busy queue Redis holds less than an hour: the rate is then that of the time it does hold. */
async function throughputOf({ name }: JobDefinition, now: number) {
  const since = now - HOUR
  const [completed, failed] = [queueKey(name, "completed"), queueKey(name, "failed")]
  const [held, oldest, good, bad] = await onRedis((client) =>
    Promise.all([
      client.zcard(completed),
      client.zrange(completed, "0", "0", "WITHSCORES"),
      client.zcount(completed, since, "+inf"),
      client.zcount(failed, since, "+inf"),
    ]),
  )
  const isCut = held >= KEPT.completed.count && Number(oldest[1]) > since
  const minutes = isCut ? Math.max((now - Number(oldest[1])) / MINUTE, 1 / 60) : 60
  return { throughput: Math.round((good / minutes + bad / 60) * 100) / 100, recentJobs: good + bad }
}
