import { pingRedis, type RedisClient } from "../redis/connect.ts"
import { numberIn } from "../redis/facts.ts"
import { memoryReports } from "../redis/warnings.ts"
import { gauge } from "./exposition.ts"

/** How fast Redis answers, and what it holds. */
export async function redisMetrics(client: RedisClient) {
  const asked = performance.now()
  await pingRedis(client)
  const seconds = (performance.now() - asked) / 1_000
  const reports = await memoryReports(client)
  const sum = (field: string) => reports.reduce((bytes, report) => bytes + numberIn(report, field), 0)
  return [
    gauge("esteira_redis_round_trip_seconds", "Time Redis took to answer a ping.", seconds),
    gauge("esteira_redis_memory_bytes", "Memory Redis uses.", sum("used_memory")),
    gauge("esteira_redis_memory_limit_bytes", "Memory Redis may use; 0 is no limit.", sum("maxmemory")),
  ].join("")
}
