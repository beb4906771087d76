import type { Db } from "../../db/pool.ts"
import { BEGINNING, deleteOld } from "../../db/retention/delete.ts"
import { ledgerTables } from "../../db/retention/ledger.ts"
import { referencesTo } from "../../db/retention/references.ts"
import { count, defineEnv } from "../../lib/env.ts"

export const ledgerEnv = defineEnv({
  LEDGER_DAYS: count
    .default(30)
    .describe(
      "worker: days for which runs and bulk operations that have ended, and schedules that were removed, are kept",
    ),
})

const BATCH = 1_000

const DAY = 86_400_000

/** Delete what is older than the ledger keeps things, in small batches. */
export async function dropOld(db: Db, days = ledgerEnv().LEDGER_DAYS) {
  const before = new Date(Date.now() - days * DAY)
  for (const aged of ledgerTables) {
    const old = { aged, keeps: await referencesTo(aged.table, db), before }
    for (let from: string | null = BEGINNING; from !== null; )
      from = (await deleteOld(old, { limit: BATCH, from }, db)).next
  }
}
