import { backendOf } from "../cancellable.ts"
import { copyOut } from "../copy.ts"
import type { Db } from "../pool.ts"
import type { ExportColumn } from "./columns.ts"
import { type Look, shown } from "./shown.ts"

/** A table whose rows are to be read in the order of its key. */
export interface Reading {
  table: string
  columns: ExportColumn[]
  /** Columns that no two rows are alike in: the same rows then always come in the same order. */
  key: string[]
  /** What follows `where`. */
  where: string
  /** Called as rows come, with how many more there are. */
  onRows(count: number): void
}

/** How the rows of a table leave the database. */
export type Form =
  /** CSV for spreadsheets in Brazil, without its mark, or for programs. */
  | "csv-people"
  | "csv-programs"
  /** A row to a line as JSON, by column; with a comma before it. */
  | "json"
  | "comma-json"
  /** As COPY writes texts, for the cells of a sheet. */
  | "cells"

/** How values look in each form. */
export const lookOf: Record<Form, Look> = {
  "csv-people": "people",
  "csv-programs": "programs",
  json: "programs",
  "comma-json": "programs",
  cells: "sheet",
}

/** The rows of a table in a form that the transaction looks like. */
export async function* readTable(reading: Reading, form: Form, tx: Db) {
  // The line with the names of the columns is none.
  let rows = form.startsWith("csv") ? -1 : 0
  const take = (row: Buffer) => {
    rows += 1
    return row
  }
  const pid = await backendOf(tx)
  for await (const block of copyOut(tx.unsafe(statementOf(reading, form)), { pid, take })) {
    reading.onRows(rows)
    rows = 0
    yield block
  }
}

/** How many rows there are. */
export async function countRows({ table, where }: Pick<Reading, "table" | "where">, tx: Db): Promise<number> {
  const [{ count }] = (await tx.unsafe(
    `select count(*)::float8 as count from ${table} as t where ${where}`,
  )) as unknown as [{ count: number }]
  return count
}

/** Signs that JSON never has in it as they are: so PostgreSQL writes it as it is. */
const AS_IT_IS = String.raw`format csv, delimiter E'\x02', quote E'\x01'`

const OPTIONS: Record<Form, string> = {
  "csv-people": "format csv, header, delimiter ';'",
  "csv-programs": "format csv, header",
  json: AS_IT_IS,
  "comma-json": AS_IT_IS,
  cells: "format text",
}

function statementOf({ table, columns, key, where }: Reading, form: Form): string {
  const selected = columns.map((column) => shown(column, lookOf[form])).join(", ")
  const order = key.length > 0 ? ` order by ${key.map((name) => `t."${name}"`).join(", ")}` : ""
  const rows = `select ${selected} from ${table} as t where ${where}${order}`
  return `copy (${asRows(rows, form)}) to stdout (${OPTIONS[form]})`
}

function asRows(rows: string, form: Form) {
  if (form === "json") return `select row_to_json(r) from (${rows}) as r`
  return form === "comma-json" ? `select ',' || row_to_json(r)::text from (${rows}) as r` : rows
}
