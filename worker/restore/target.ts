import type postgres from "postgres"
import { isOurs, nameOf } from "../../db/catalogue/filter.ts"
import { directSession } from "../../db/pool.ts"
import { PermanentError } from "../../lib/errors.ts"

/** Tables that are told of a database that is not empty. */
const TOLD = 5

/** The database that is restored into: a connection for each lane, and one to stop what they do. */
export interface Target {
  lanes: postgres.Sql[]
  side: postgres.Sql
  close(): Promise<void>
}

/** Open the database at a URL. Close it. */
export function openTarget(url: string, count: number): Target {
  const side: postgres.Sql = directSession(url)
  const lanes: postgres.Sql[] = Array.from({ length: count }, () => directSession(url))
  return {
    lanes,
    side,
    async close() {
      await Promise.all([side, ...lanes].map((session) => session.end({ timeout: 1 })))
    },
  }
}

interface Making {
  /** The tables to be made, with what they are parts of. */
  tables: ReadonlySet<string>
  /** Whether these are all that is wanted of the backup. */
  some: boolean
  /** Whether what is in the way may be dropped. */
  replace: boolean
}

/** Have nothing in the way of what is to be made. Throws PermanentError unless there is nothing, or it may be replaced. */
export async function clear({ tables, some, replace }: Making, session: postgres.Sql) {
  const there = await session.unsafe<{ name: string; sqlName: string; schema: string }[]>(`
    select format('%s.%s', nspname, relname) as name, ${nameOf("pg_class")} as sql_name, quote_ident(nspname) as schema
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'S', 'f') and relpersistence <> 't'
      and ${isOurs("pg_class", "pg_class.oid", "relnamespace")}
    order by relispartition, name
  `)
  const inTheWay = some ? there.filter(({ name }) => tables.has(name)) : there
  if (inTheWay.length === 0) return
  if (!replace) {
    const names = inTheWay.map(({ name }) => name.replace(/^public\./, ""))
    const more = names.length > TOLD ? `, and ${names.length - TOLD} more` : ""
    throw new PermanentError(
      `The database to restore into is not empty: it has ${names.slice(0, TOLD).join(", ")}${more}. Restore into an empty one, or say --replace to have that dropped`,
    )
  }
  await session.begin(async (tx) => {
    // What depends on one of some tables is not asked for, and is not dropped with it.
    if (some) await tx.unsafe(`drop table if exists ${inTheWay.map(({ sqlName }) => sqlName).join(", ")}`)
    else
      for (const schema of new Set(there.map(({ schema }) => schema))) {
        await tx.unsafe(`drop schema ${schema} cascade`)
        if (schema === "public") await tx.unsafe("create schema public")
      }
  })
}
