import type postgres from "postgres"
import { cancellable } from "../../db/cancellable.ts"
import { listTables, type Table } from "../../db/catalogue/tables.ts"
import { directSession } from "../../db/pool.ts"
import { type Lane, LOCK_PATIENCE, withSnapshot } from "../../db/snapshot.ts"
import { inScope } from "./scope.ts"

/** Connections that read at a time. */
const LANES = 2

/** Looks at the tables, of which none is to be made or removed between this and their locks. */
const LOOKS = 3

/** Look at the tables in scope, all as of one moment. */
export async function withTables<T>(
  scope: string[] | null,
  signal: AbortSignal,
  work: (lanes: Lane[], tables: Table[]) => Promise<T>,
): Promise<T> {
  for (let look = 1; ; look += 1) {
    const expected = inScope(await tablesNow(signal).catch(asSentence), scope)
    const locked = expected.map(({ sqlName }) => sqlName)
    const looking = withSnapshot({ lanes: LANES, tables: locked, signal }, async (lanes) => {
      const tables = inScope(await listTables(lanes[0]!.tx), scope)
      return isSame(tables, expected) ? { result: await work(lanes, tables) } : undefined
    })
    const done = await looking.catch(asSentence)
    if (done) return done.result
    if (look === LOOKS) throw new Error("tables were made or removed each time the backup was about to begin")
  }
}

/** The tables there are; where the backup will look, and not by way of a pooler. */
async function tablesNow(signal: AbortSignal): Promise<Table[]> {
  const session = directSession()
  const look = async (tx: postgres.TransactionSql) => {
    await tx.unsafe(`set local lock_timeout = ${LOCK_PATIENCE}`)
    return await listTables(tx)
  }
  return await cancellable(signal, look, session).finally(() => session.end({ timeout: 1 }))
}

/** SQLSTATE of a lock that was waited for in vain. */
const LOCK_NOT_AVAILABLE = "55P03"

function asSentence(error: Error & { code?: string }): never {
  if (error.code !== LOCK_NOT_AVAILABLE) throw error
  throw new Error(
    `A table is locked by who changes its form, and was for ${LOCK_PATIENCE / 1_000} s: the backup has to wait for that`,
    { cause: error },
  )
}

const isSame = (some: readonly Table[], others: readonly Table[]) => {
  const oids = new Set(others.map(({ oid }) => oid))
  return some.length === others.length && some.every(({ oid }) => oids.has(oid))
}
