import { type Reading, readCsv, readJsonLines } from "../../db/exports/read.ts"
import type { Db } from "../../db/pool.ts"
import type { Bytes } from "../../lib/storage/types.ts"
import { csvMark } from "../documents/csv/csv.ts"
import { xlsx } from "../documents/xlsx/xlsx.ts"
import { zip } from "../documents/zip/zip.ts"
import { literal, type PlannedTable, type TablesPayload } from "./plan.ts"
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

/** What is in the file of an export: of one table, of several as sheets of a workbook, or a ZIP with a file for each. */
export function contentOf(tables: PlannedTable[], writing: Writing, tx: Db): Made {
  const { format, archive, date } = writing
  const [only] = tables
  if (format === "xlsx" && !archive)
    return { extension: "xlsx", files: 1, content: workbook(tables, writing, tx) }
  if (tables.length === 1 && !archive)
    return {
      extension: format === "ndjson" ? "ndjson" : format,
      files: 1,
      content: fileOf(only!, writing, tx),
    }
  const entries = tables.map((table) => ({
    name: `${table.name}.${format}`,
    get content() {
      return format === "xlsx" ? workbook([table], writing, tx) : fileOf(table, writing, tx)
    },
  }))
  return { extension: "zip", files: tables.length, content: zip(entries, { date }) }
}

const workbook = (tables: PlannedTable[], writing: Writing, tx: Db) =>
  xlsx(
    tables.map((table) => ({
      name: table.name,
      columns: table.columns,
      get rows() {
        return rowsOf(readJsonLines(readingOf(table, writing), "array", tx))
      },
    })),
    { date: writing.date },
  )

function fileOf(table: PlannedTable, writing: Writing, tx: Db): AsyncIterable<Bytes> {
  const reading = readingOf(table, writing)
  if (writing.format === "ndjson") return readJsonLines(reading, "object", tx)
  if (writing.format === "json") return asArray(readJsonLines(reading, "comma-object", tx))
  return writing.raw ? readCsv(reading, "programs", tx) : marked(readCsv(reading, "people", tx))
}

async function* marked(content: AsyncIterable<Bytes>) {
  yield csvMark
  yield* content
}

const readingOf = ({ name, columns, key, where }: PlannedTable, { zone, onRows }: Writing): Reading => ({
  table: name,
  columns,
  key,
  where,
  zone: literal(zone),
  onRows,
})
