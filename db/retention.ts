import { REMEMBERED } from "./idempotency-keys.ts"
import type { Db } from "./pool.ts"

/** What is kept for so many days, and the time these are counted from; what has no such time yet is kept. */
const TIMES = {
  runs: "finished_at",
  run_events: "at",
  effects: "created_at",
  idempotency_keys: "created_at",
  bulk_runs: "created_at",
  // Later than those of its runs, which then go first, in batches.
  bulk_operations: "ended_at",
  outbox: "relayed_at",
  schedules: "removed_at",
  webhook_deliveries: "ended_at",
} as const

/** Days for which a table is kept, where that is not the ledger's to say. */
const DAYS: Partial<Record<KeptForDays, number>> = { idempotency_keys: REMEMBERED }

export type KeptForDays = keyof typeof TIMES

export const keptForDays = Object.keys(TIMES) as KeptForDays[]

/** Delete the oldest rows of a table that are of so many days ago, or of what the table itself is kept for, at most `limit`, and return how many. None while another session does. */
export async function deleteOlderThan(
  days: number,
  { table, limit }: { table: KeptForDays; limit: number },
  db: Db,
): Promise<number> {
  const time = db(TIMES[table])
  const kept = DAYS[table] ?? days
  const deleted = await db`
    with turn as materialized (select pg_try_advisory_xact_lock(hashtext('esteira.retention')) as mine),
    old as materialized (
      select kept.ctid as place
      from turn, ${db(table)} as kept
      where mine and ${time} < now() - ${kept} * interval '1 day'
      order by ${time}
      limit ${limit}
    )
    delete from ${db(table)} as kept
    using old
    where kept.ctid = old.place
  `
  return deleted.count
}
