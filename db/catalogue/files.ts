import type { Db } from "../pool.ts"
import type { Table } from "./tables.ts"

/** The column in which a row names a stored file. */
const COLUMN = "storage_key"

/** The keys of the stored files that the rows of these tables name, in order. */
export async function listFiles(tables: readonly Table[], db: Db): Promise<string[]> {
  const naming = tables.filter(({ columns }) => columns.includes(COLUMN))
  if (naming.length === 0) return []
  const selects = naming.map(
    ({ sqlName }) => `select ${COLUMN} as key from only ${sqlName} where ${COLUMN} is not null`,
  )
  const found = await db.unsafe<{ key: string }[]>(`${selects.join(" union ")} order by key`)
  return found.map(({ key }) => key)
}
