import type { Db } from "../../db/pool.ts"
import { deleteOlderThan, keptForDays } from "../../db/retention.ts"
import { count, defineEnv } from "../../lib/env.ts"

export const ledgerEnv = defineEnv({
  LEDGER_DAYS: count
    .default(90)
    .describe(
      "worker: days for which runs and bulk operations that have ended, and schedules that were removed, are kept",
    ),
})

const BATCH = 1_000

/** Delete what is older than the ledger keeps things, in small batches. */
export async function dropOld(db: Db, days = ledgerEnv().LEDGER_DAYS) {
  for (const table of keptForDays)
    while ((await deleteOlderThan(days, { table, limit: BATCH }, db)) === BATCH);
}
