import type { Table } from "./catalogue/tables.ts"
import type { Db } from "./pool.ts"

/** The rows of a table, or those on some of its pages: from one, and to before another if there is one. */
export function copyRows({ sqlName, sqlColumns }: Table, pages?: { from: number; to: number | undefined }) {
  if (!pages) return `copy ${sqlName} ${list(sqlColumns)} to stdout`
  const until = pages.to === undefined ? "" : ` and ctid < '(${pages.to},0)'`
  return `copy (select ${sqlColumns.join(", ")} from only ${sqlName} where ctid >= '(${pages.from},0)'${until}) to stdout`
}

/** The keys of a table. */
export const copyKeys = ({ sqlName, sqlKey }: Table) =>
  `copy (select ${sqlKey!.join(", ")} from only ${sqlName}) to stdout`

/** Every row, and before it whether it was written by a transaction that an earlier snapshot did not see ended: `t` or `f`, a tab. */
export const copyMarked = ({ sqlName, sqlColumns }: Table, since: string) =>
  `copy (select ${changed(since)}, ${sqlColumns.join(", ")} from only ${sqlName}) to stdout`

/** How many rows there are, and how many of them a transaction wrote that an earlier snapshot did not see ended. */
export async function countChanged({ sqlName }: Pick<Table, "sqlName">, since: string, db: Db) {
  const [counts] = await db.unsafe<[{ rows: number; changed: number }]>(
    `select count(*) as rows, count(*) filter (where ${changed(since)}) as changed from only ${sqlName}`,
  )
  return counts
}

/** The statement that takes the rows of a table in. */
export const copyIn = (sqlName: string, sqlColumns: readonly string[]) =>
  `copy ${sqlName} ${list(sqlColumns)} from stdin`

/**
 * Of the oldest transaction that had not ended at a snapshot, and of those after it. Some of them the snapshot did see ended;
 * which, cannot be told, since savepoints have ids that no snapshot names.
 */
const changed = (oldest: string) => `age(xmin) <= age('${BigInt(oldest) % 2n ** 32n}'::xid)`

const list = (columns: readonly string[]) => (columns.length ? `(${columns.join(", ")})` : "")
