import type { Db } from "./pool.ts"

/** What is kept for so many days, and the time these are counted from; what has no such time yet is kept. */
const TIMES = {
  runs: "finished_at",
  run_events: "at",
  effects: "created_at",
  bulk_runs: "created_at",
  // Later than those of its runs, which then go first, in batches.
  bulk_operations: "ended_at",
  outbox: "relayed_at",
  schedules: "removed_at",
} as const

export type KeptForDays = keyof typeof TIMES

export const keptForDays = Object.keys(TIMES) as KeptForDays[]

/** Delete the oldest rows of a table that are of so many days ago, at most `limit`, and return how many. None while another session does. */
export async function deleteOlderThan(
  days: number,
  { table, limit }: { table: KeptForDays; limit: number },
  db: Db,
): Promise<number> {
  const time = db(TIMES[table])
  const deleted = await db`
    with turn as materialized (select pg_try_advisory_xact_lock(hashtext('esteira.retention')) as mine),
    old as materialized (
      select kept.ctid as place
      from turn, ${db(table)} as kept
      where mine and ${time} < now() - ${days} * interval '1 day'
      order by ${time}
      limit ${limit}
    )
    delete from ${db(table)} as kept
    using old
    where kept.ctid = old.place
  `
  return deleted.count
}
