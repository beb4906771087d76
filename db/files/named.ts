import type postgres from "postgres"
import { type Db, pool } from "../pool.ts"

/** A table whose rows name stored files, and the folder all its files are in. */
export interface NamedFiles {
  table: string
  column: string
  folder: string
  storage: "files" | "exports"
  /** The rows whose files are there; all unless said otherwise. */
  rows?(db: Db): postgres.PendingQuery<postgres.Row[]>
}

/** The next keys of files that rows name, in the order of their bytes, as storages list them. */
export async function keysAfter(named: NamedFiles, after: string, limit: number, db: Db = pool()) {
  const key = db`${db(named.column)} collate "C"`
  const rows = await db<{ key: string }[]>`
    select distinct ${key} as key
    from ${db(named.table)}
    where ${key} > ${after} ${where(named, db)}
    order by key
    limit ${limit}
  `
  return rows.map(({ key }) => key)
}

/** Those of these keys that a row names. */
export async function namedOf(named: NamedFiles, keys: string[], db: Db = pool()): Promise<Set<string>> {
  const rows = await db<{ key: string }[]>`
    select ${db(named.column)} as key
    from ${db(named.table)}
    where ${db(named.column)} collate "C" = any(${keys}) ${where(named, db)}
  `
  return new Set(rows.map(({ key }) => key))
}

const where = ({ rows }: NamedFiles, db: Db) => (rows ? db`and ${rows(db)}` : db``)
