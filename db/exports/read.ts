import type { Bytes } from "../../lib/storage/types.ts"
import { copyPieces } from "../copy.ts"
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
  /** The zone by whose clock moments are told, as a literal. */
  zone: string
  /** Called as rows come, with how many more there are. */
  onRows(count: number): void
}

type Form = { as: "csv"; look: "people" | "programs" } | { as: "json"; rows: Rows }

/** What a row is in JSON: an object by column, with a comma before it, or an array with the values as sheets have them. */
type Rows = "object" | "comma-object" | "array"

/** Signs that JSON never has in it as they are: so PostgreSQL writes it as it is. */
const AS_IT_IS = String.raw`format csv, delimiter E'\x02', quote E'\x01'`

/** A table as CSV: for people's spreadsheets in Brazil, without its mark, or for programs. */
export const readCsv = (reading: Reading, look: "people" | "programs", tx: Db): AsyncGenerator<Bytes> =>
  read(reading, { as: "csv", look }, tx)

/** A row to a line as JSON. */
export const readJsonLines = (reading: Reading, rows: Rows, tx: Db): AsyncGenerator<Bytes> =>
  read(reading, { as: "json", rows }, tx)

/** How many rows there are. */
export async function countRows({ table, where }: Pick<Reading, "table" | "where">, tx: Db): Promise<number> {
  const [{ count }] = (await tx.unsafe(
    `select count(*)::float8 as count from ${table} as t where ${where}`,
  )) as unknown as [{ count: number }]
  return count
}

async function* read(reading: Reading, form: Form, tx: Db) {
  const { onRows } = reading
  let head = form.as === "csv" ? 1 : 0
  const count = (rows: number) => {
    onRows(rows - head)
    head = 0
  }
  yield* copyPieces(tx.unsafe(statementOf(reading, form)), tx, count)
}

function statementOf({ table, columns, key, where, zone }: Reading, form: Form): string {
  const look: Look = form.as === "csv" ? form.look : form.rows === "array" ? "sheet" : "programs"
  const selected = columns.map((column) => shown(column, look, zone)).join(", ")
  const order = key.length > 0 ? ` order by ${key.map((name) => `t."${name}"`).join(", ")}` : ""
  const rows = `select ${selected} from ${table} as t where ${where}${order}`
  if (form.as === "csv") {
    const delimiter = form.look === "people" ? ", delimiter ';'" : ""
    return `copy (${rows}) to stdout (format csv, header${delimiter})`
  }
  const made: Record<Rows, string> = {
    object: "row_to_json(r)",
    "comma-object": "',' || row_to_json(r)::text",
    array: `json_build_array(${columns.map(({ name }) => `r."${name}"`).join(", ")})`,
  }
  return `copy (select ${made[form.rows]} from (${rows}) as r) to stdout (${AS_IT_IS})`
}
