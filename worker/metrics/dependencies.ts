import { sidePool } from "../../db/pool.ts"
import { pingRedis, type RedisClient } from "../../lib/redis/connect.ts"
import { numberIn } from "../../lib/redis/facts.ts"
import { memoryReports } from "../../lib/redis/warnings.ts"
import { gauge, type Reading } from "./exposition.ts"

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

/** How fast PostgreSQL answers, and the connections Esteira's processes have there: the driver tells nothing of its pool. */
export async function postgresMetrics() {
  const asked = performance.now()
  const states = await sidePool()<{ state: string; connections: number }[]>`
    select coalesce(state, 'unknown') as state, count(*)::int as connections
    from pg_stat_activity
    where datname = current_database()
      and application_name = 'esteira'
    group by 1`
  const seconds = (performance.now() - asked) / 1_000
  const readings = states.map(({ state, connections }): Reading => [{ state }, connections])
  return [
    gauge("esteira_postgres_round_trip_seconds", "Time PostgreSQL took to answer a query.", seconds),
    gauge(
      "esteira_postgres_connections",
      "Connections of all of Esteira's processes to this database, by state.",
      readings,
    ),
  ].join("")
}
