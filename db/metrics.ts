import { gauge, type Reading } from "../lib/metrics/exposition.ts"
import { sidePool } from "./pool.ts"

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
