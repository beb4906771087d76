import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type postgres from "postgres"
import { copyIn } from "../../db/backup-copy.ts"
import { cancellable } from "../../db/cancellable.ts"
import type { Manifest, Part, TableEntry } from "../../lib/backups/manifest.ts"
import { DamagedBackup } from "../../lib/backups/store.ts"
import type { Unpacking } from "../backup/unpack.ts"
import { unpack } from "../backup/unpack.ts"

/** A lane: the connection that loads, and the one that stops it. */
export interface Lane {
  session: postgres.Sql
  side: postgres.Sql
  signal: AbortSignal
}

/** What is loaded from: a backup, and what opens it. */
export interface From {
  manifest: Manifest
  unpacking: Unpacking
}

/** A table as SQL has it. */
export const sqlNameOf = ({ schema, name }: { schema: string; name: string }) =>
  `${quote(schema)}.${quote(name)}`

/** Load a part of a table's rows, all or none: what is read is kept once its hash is known to be right. */
export const loadPart = (table: TableEntry, key: string, from: From, { session, side, signal }: Lane) =>
  cancellable(
    signal,
    (tx) => copy(sqlNameOf(table), table.columns, partOf(key, from), from, tx),
    session,
    side,
  )

/** Have a table hold what it held at a later backup: all its rows anew, or those that are new or changed. */
export async function loadChanges(table: TableEntry, from: From, { session, side, signal }: Lane) {
  if (table.mode === "same") return
  await cancellable(
    signal,
    (tx) => (table.mode === "full" ? replaceRows(table, from, tx) : applyChanges(table, from, tx)),
    session,
    side,
  )
}

async function replaceRows(table: TableEntry, from: From, tx: postgres.TransactionSql) {
  await tx.unsafe(`delete from only ${sqlNameOf(table)}`)
  for (const key of table.parts) await copy(sqlNameOf(table), table.columns, partOf(key, from), from, tx)
}

async function applyChanges(table: TableEntry, from: From, tx: postgres.TransactionSql) {
  const name = sqlNameOf(table)
  const columns = table.columns.map(quote).join(", ")
  const key = table.key!.map(quote)
  const match = (other: string) => key.map((column) => `${other}.${column} = present.${column}`).join(" and ")
  // Without a default, a check or a generated column of the table's own.
  await tx.unsafe(
    `create temp table esteira_rows on commit drop as select ${columns} from ${name} with no data`,
  )
  await tx.unsafe(
    `create temp table esteira_keys on commit drop as select ${key.join(", ")} from ${name} with no data`,
  )
  for (const part of table.parts)
    await copy("pg_temp.esteira_rows", table.columns, partOf(part, from), from, tx)
  for (const part of table.keys) await copy("pg_temp.esteira_keys", table.key!, partOf(part, from), from, tx)
  await tx.unsafe("analyze pg_temp.esteira_rows")
  await tx.unsafe("analyze pg_temp.esteira_keys")
  await tx.unsafe(`
    delete from only ${name} as present
    where not exists (select from pg_temp.esteira_keys as kept where ${match("kept")})
      or exists (select from pg_temp.esteira_rows as newer where ${match("newer")})
  `)
  await tx.unsafe(
    `insert into ${name} (${columns}) overriding system value select ${columns} from pg_temp.esteira_rows`,
  )
}

async function copy(
  sqlName: string,
  columns: readonly string[],
  part: Part,
  { unpacking }: From,
  tx: postgres.TransactionSql,
) {
  const into = await tx.unsafe(copyIn(sqlName, columns.map(quote))).writable()
  await pipeline(Readable.from(unpack(part, unpacking), { objectMode: false }), into)
}

function partOf(key: string, { manifest }: From): Part {
  const part = manifest.parts.find((part) => part.key === key)
  if (part) return part
  throw new DamagedBackup(`The manifest of the backup ${manifest.id} does not know its own part ${key}`)
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
