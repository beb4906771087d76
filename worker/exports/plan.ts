import type postgres from "postgres"
import { type ExportColumn, exportColumns } from "../../db/exports/columns.ts"
import { countRows } from "../../db/exports/read.ts"
import { columnNamed, whereOf } from "../../db/exports/where.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { TableName } from "../../lib/exports/tables.ts"
import type { dataExport } from "../../lib/jobs/export.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import { unknownName } from "../../lib/nearest.ts"

export type TablesPayload = Extract<JobPayload<typeof dataExport>, { kind: "tables" }>

/** A table to be written: which columns, which rows, and how many these are. */
export interface PlannedTable {
  name: TableName
  columns: ExportColumn[]
  key: string[]
  where: string
  rows: number
}

/** Whose rows are meant, and by whose clock. */
export interface Scope {
  agencyId: number | undefined
  zone: string
}

/** What is to be written of each table. Throws PermanentError for what the tables do not have. */
export async function planTables(
  { tables, columns, filters, dateRange }: TablesPayload,
  { agencyId, zone }: Scope,
  tx: postgres.TransactionSql,
): Promise<PlannedTable[]> {
  for (const path of Object.keys(filters)) checkTable(path, tables)
  const planned: PlannedTable[] = []
  for (const name of tables) {
    const all = await exportColumns(name, tx)
    const wanted = { table: name, filters, dateRange, agencyId, zone: literal(zone) }
    const where = await whereOf(wanted, all, tx)
    const chosen = columns?.[name]?.map((column) => columnNamed(column, name, all)) ?? all
    const rows = await countRows({ table: name, where }, tx)
    planned.push({ name, columns: chosen, key: keyOf(all), where, rows })
  }
  return planned
}

const keyOf = (columns: ExportColumn[]) =>
  columns
    .filter(({ keyPlace }) => keyPlace !== null)
    .sort((one, other) => one.keyPlace! - other.keyPlace!)
    .map(({ name }) => name)

/** A text as SQL has it. */
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

function checkTable(path: string, tables: TableName[]) {
  const [table, column] = path.split(".")
  if (column === undefined || tables.some((name) => name === table)) return
  throw new PermanentError(
    `The filter ${path}: among the tables to export, ${unknownName("table", table!, tables)}`,
  )
}
