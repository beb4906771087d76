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

/** What waits in PostgreSQL to be brought elsewhere: runs for their queues, callbacks for who is to hear of them, and pushes. */
export async function waitingMetrics() {
  const [outbox] = await sidePool()<{ runs: number; oldest: number }[]>`
    select count(*)::int as runs,
      coalesce(extract(epoch from clock_timestamp() - min(asked_at)), 0)::float8 as oldest
    from outbox
    where relayed_at is null`
  const [callbacks] = await sidePool()<{ pending: number }[]>`
    select count(*)::int as pending from webhook_deliveries where status = 'pending'`
  const [pushes] = await sidePool()<{ pending: number; oldest: number }[]>`
    select count(*)::int as pending,
      coalesce(extract(epoch from clock_timestamp() - min(due_at) filter (where due_at <= now())), 0)::float8 as oldest
    from push_deliveries
    where status in ('pending', 'sending')`
  return [
    gauge("esteira_outbox_runs", "Runs that wait in the outbox.", outbox!.runs),
    gauge(
      "esteira_outbox_oldest_seconds",
      "How long the oldest run has waited in the outbox.",
      Math.max(0, outbox!.oldest),
    ),
    gauge(
      "esteira_callbacks_pending",
      "Callbacks that have neither been delivered nor given up.",
      callbacks!.pending,
    ),
    gauge(
      "esteira_pushes_pending",
      "Pushes that wait: for their turn, for quiet hours to end, or to be tried again.",
      pushes!.pending,
    ),
    gauge(
      "esteira_pushes_oldest_seconds",
      "How long the push has been due that has longest.",
      pushes!.oldest,
    ),
  ].join("")
}
