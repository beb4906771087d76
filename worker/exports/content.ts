import { type Form, lookOf, type Reading, readTable } from "../../db/exports/read.ts"
import { lookLike } from "../../db/exports/shown.ts"
import type { Db } from "../../db/pool.ts"
import type { Bytes } from "../../lib/storage/types.ts"
import { csvMark } from "../documents/csv/csv.ts"
import { checkRows } from "../documents/xlsx/limits.ts"
import { xlsx } from "../documents/xlsx/xlsx.ts"
import { zip } from "../documents/zip/zip.ts"
import type { PlannedTable, TablesPayload } from "./plan.ts"
import { asArray, rowsOf } from "./rows.ts"

interface Writing extends Pick<TablesPayload, "format" | "raw" | "archive"> {
  zone: string
  /** The moment that the file says it was made at. */
  date: Date
  onRows(count: number): void
}

/** A file to be stored: how its name ends, and what is in it, to be read once. */
interface Made {
  extension: string
  files: number
  content: AsyncIterable<Bytes>
}

/**
 * What is in the file of an export: of one table, of several as sheets of a workbook, or a ZIP with a file for each. Throws
 * PermanentError for more rows than a workbook is made of.
 */
export async function contentOf(tables: PlannedTable[], writing: Writing, tx: Db): Promise<Made> {
  const { format, archive, date, zone } = writing
  if (format === "xlsx") for (const rows of booksOf(tables, archive)) checkRows(rows)
  await lookLike(lookOf[formOf(writing)], zone, tx)
  const [only] = tables
  if (format === "xlsx" && !archive)
    return { extension: format, files: 1, content: workbook(tables, writing, tx) }
  if (tables.length === 1 && !archive)
    return { extension: format, files: 1, content: fileOf(only!, writing, tx) }
  const entries = tables.map((table) => ({
    name: `${table.name}.${format}`,
    get content() {
      return fileOf(table, writing, tx)
    },
  }))
  return { extension: "zip", files: tables.length, content: zip(entries, { date }) }
}

/** How many rows each workbook has: all tables are in one, unless each is a file of an archive. */
function booksOf(tables: PlannedTable[], archive: boolean) {
  const counts = tables.map(({ rows }) => rows)
  return archive ? counts : [counts.reduce((sum, rows) => sum + rows, 0)]
}

function formOf({ format, raw }: Pick<Writing, "format" | "raw">): Form {
  if (format === "csv") return raw ? "csv-programs" : "csv-people"
  if (format === "xlsx") return "cells"
  return format === "json" ? "comma-json" : "json"
}

function fileOf(table: PlannedTable, writing: Writing, tx: Db): AsyncIterable<Bytes> {
  const form = formOf(writing)
  if (form === "cells") return workbook([table], writing, tx)
  const read = readTable(readingOf(table, writing), form, tx)
  if (form === "csv-people") return marked(read)
  return form === "comma-json" ? asArray(read) : read
}

const workbook = (tables: PlannedTable[], writing: Writing, tx: Db) =>
  xlsx(
    tables.map((table) => ({
      name: table.name,
      columns: table.columns,
      get rows() {
        const kinds = table.columns.map(({ kind }) => kind)
        return rowsOf(readTable(readingOf(table, writing), "cells", tx), kinds)
      },
    })),
    { date: writing.date },
  )

async function* marked(content: AsyncIterable<Bytes>) {
  yield csvMark
  yield* content
}

const readingOf = ({ name, columns, key, where }: PlannedTable, { onRows }: Writing): Reading => ({
  table: name,
  columns,
  key,
  where,
  onRows,
})
