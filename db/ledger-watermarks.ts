import type { EndState } from "../lib/runs-outcome.ts"
import type { Db } from "./pool.ts"

/** Until when everything of a queue that ended in this state is in the ledger: milliseconds since 1970, 0 at first. */
export async function sweptUntil(queue: string, state: EndState, db: Db): Promise<number> {
  const [row] = await db<{ at: number }[]>`
    select (extract(epoch from swept_until) * 1000)::bigint as at
    from ledger_watermarks
    where queue = ${queue} and state = ${state}
  `
  return row?.at ?? 0
}

/** Note that everything until then is in the ledger. The mark never goes back. */
export async function markSwept(queue: string, state: EndState, at: number, db: Db) {
  await db`
    insert into ledger_watermarks as mark (queue, state, swept_until)
    values (${queue}, ${state}, to_timestamp(${at}::bigint / 1000.0))
    on conflict (queue, state) do update
    set swept_until = greatest(mark.swept_until, excluded.swept_until)
  `
}
