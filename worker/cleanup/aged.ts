import { cancellable } from "../../db/cancellable.ts"
import { pool } from "../../db/pool.ts"
import type { Aged } from "../../db/retention/aged.ts"
import { BEGINNING, deleteOld, deleteOldOf, oldFiles } from "../../db/retention/delete.ts"
import { ledgerTables } from "../../db/retention/ledger.ts"
import { countOld, type Old } from "../../db/retention/old.ts"
import { referencesTo } from "../../db/retention/references.ts"
import { agedTables } from "../../db/retention/tables.ts"
import type { CleanupTarget } from "../../lib/jobs/cleanup.ts"
import { storage } from "../../lib/storage/storage.ts"
import { ledgerEnv } from "../ledger/retention.ts"
import type { Run } from "../run.ts"
import { inBatches, shortly } from "./batches.ts"
import { type Item, reasons, type Wanted } from "./item.ts"

/** Files deleted before their rows are. */
const FILES = 100

const HELD = "held by others just then: the next cleanup finds it"

/** Delete what is old in the tables of a target. */
export async function cleanTables(target: CleanupTarget, wanted: Wanted, run: Run): Promise<Item[]> {
  const items: Item[] = []
  const tables = tablesOf(target)
  for (const [at, aged] of tables.entries()) {
    const percentage = Math.floor((100 * at) / tables.length)
    const tell = (deleted: number) =>
      run.progress({ percentage, stage: aged.table, message: `${deleted} rows of ${aged.table} deleted` })
    tell(0)
    const item = await cleanTable(aged, wanted, run.signal, tell)
    run.log(`${wanted.dryRun ? "Would delete" : "Deleted"} ${item.deleted} rows of ${aged.table}`)
    items.push(item)
  }
  return items
}

function tablesOf(target: CleanupTarget): Aged[] {
  const { LEDGER_DAYS: days } = ledgerEnv()
  const atLeast = { interval: `${days} days`, why: `LEDGER_DAYS has the ledger kept for ${days} days` }
  const tables = [...ledgerTables.map((table) => ({ ...table, atLeast })), ...agedTables]
  return tables.filter((aged) => aged.target === target)
}

async function cleanTable(
  aged: Aged,
  { before, dryRun }: Wanted,
  signal: AbortSignal,
  tell: (deleted: number) => void,
): Promise<Item> {
  const old = { aged, keeps: [...(aged.keeps ?? []), ...(await referencesTo(aged.table, pool()))], before }
  let deleted = 0
  for await (const count of dryRun ? [] : deleting(old, signal)) {
    deleted += count
    tell(deleted)
  }
  const left = await cancellable(signal, (tx) => countOld(old, tx))
  const free = left.find(({ why }) => why === null)?.count ?? 0
  const kept = left.flatMap(({ why, count }) => (why === null ? [] : [{ count, why }]))
  return dryRun
    ? { what: aged.table, deleted: free, kept }
    : { what: aged.table, deleted, kept: reasons(...kept, { count: free, why: HELD }) }
}

const deleting = (old: Old, signal: AbortSignal) =>
  old.aged.file
    ? deleteWithFiles(old, signal)
    : inBatches(signal, BEGINNING, (limit, from, tx) => deleteOld(old, { limit, from }, tx))

/** The files first: what no row tells of is found by nobody. */
async function* deleteWithFiles(old: Old, signal: AbortSignal) {
  for (let from = BEGINNING; ; ) {
    const batch = await oldFiles(old, { limit: FILES, from }, pool())
    const keys = batch.map(({ key }) => key)
    for (const key of keys) {
      signal.throwIfAborted()
      await storage().delete(key, { signal })
    }
    yield await shortly(signal, (tx) => deleteOldOf(keys, old, tx))
    if (batch.length < FILES) return
    from = batch.at(-1)!.at
  }
}
