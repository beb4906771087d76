import type postgres from "postgres"
import { BEGINNING, deleteOld } from "../../db/retention/delete.ts"
import { ledgerTables } from "../../db/retention/ledger.ts"
import { referencesTo } from "../../db/retention/references.ts"
import { count, defineEnv } from "../../lib/env.ts"
import { inBatches } from "../cleanup/batches.ts"

export const ledgerEnv = defineEnv({
  LEDGER_DAYS: count
    .default(30)
    .describe(
      "worker: days for which runs and bulk operations that have ended, and schedules that were removed, are kept",
    ),
})

const DAY = 86_400_000

/** Delete what is older than the ledger keeps things, as a cleanup does. */
export async function dropOld(db: postgres.Sql, signal: AbortSignal, days = ledgerEnv().LEDGER_DAYS) {
  const before = new Date(Date.now() - days * DAY)
  for (const aged of ledgerTables) {
    const old = { aged, keeps: await referencesTo(aged.table, db), before }
    for await (const _ of inBatches(
      signal,
      BEGINNING,
      (limit, from, tx) => deleteOld(old, { limit, from }, tx),
      db,
    ));
  }
}
