import { ERR_UNSUPPORTED_FORMAT } from "@zip.js/zip.js"
import { PermanentError } from "../../../lib/errors.ts"
import type { Bytes } from "../../../lib/storage/types.ts"
import { inTurns, type Table } from "../table.ts"
import { type ZipEntry, zip } from "../zip/zip.ts"
import { MOST_COLUMNS, MOST_ROWS } from "./limits.ts"
import { createNames } from "./names.ts"
import { partsOf, roots, sheetPath, type Written } from "./parts.ts"
import { lettersOf } from "./rows.ts"
import { type Remaining, sheetXml } from "./sheet.ts"
import { styles } from "./styles.ts"

interface XlsxOptions {
  /** The moment that its parts say they were made at. */
  date: Date
  /** Rows of a sheet, its head among them. */
  mostRows?: number
}

/**
 * A workbook as it is made, in little memory, with a sheet for each table: real numbers, days and sums, the head frozen, filters.
 * A table of more rows than a sheet can have goes on in another. Texts are texts, whatever they begin with.
 */
export async function* xlsx(
  tables: AsyncIterable<Table> | Iterable<Table>,
  { date, mostRows = MOST_ROWS }: XlsxOptions,
): AsyncGenerator<Bytes> {
  try {
    yield* zip(partsOfBook(tables, mostRows), { date, zip64: false })
  } catch (error) {
    if ((error as Error).message !== ERR_UNSUPPORTED_FORMAT) throw error
    throw new PermanentError(
      "A workbook cannot have more than 4 GB: ask for fewer rows or columns, or for CSV",
    )
  }
}

async function* partsOfBook(tables: AsyncIterable<Table> | Iterable<Table>, mostRows: number) {
  const written: Written[] = []
  const nameFor = createNames()
  yield entry("_rels/.rels", roots)
  yield entry("xl/styles.xml", styles)
  for await (const table of tables) yield* sheetsOf(table, { written, nameFor, mostRows })
  if (written.length === 0) throw new RangeError("A workbook has to have a sheet")
  for (const [path, xml] of Object.entries(partsOf(written))) yield entry(path, xml)
}

interface Book {
  written: Written[]
  nameFor: ReturnType<typeof createNames>
  mostRows: number
}

async function* sheetsOf({ name, columns, rows }: Table, { written, nameFor, mostRows }: Book) {
  if (columns.length === 0 || columns.length > MOST_COLUMNS)
    throw new RangeError(
      `The sheet "${name}" has ${columns.length} columns, and a sheet has 1 to ${MOST_COLUMNS}`,
    )
  const left = createRemaining(rows)
  try {
    do {
      const sheet = { name: nameFor(name), range: "" }
      written.push(sheet)
      const onEnd = (last: number) => {
        sheet.range = `$A$1:$${lettersOf(columns.length - 1)}$${last}`
      }
      const content = sheetXml(columns, left, { mostRows, onEnd })
      yield { name: sheetPath(written.length), content } satisfies ZipEntry
    } while (await left.more())
  } finally {
    await left.end()
  }
}

function createRemaining(
  rows: Table["rows"],
): Remaining & { more(): Promise<boolean>; end(): Promise<void> } {
  const source = inTurns(rows)
  let ahead: Awaited<ReturnType<Remaining["take"]>> = []
  const fill = async () => {
    while (ahead.length === 0) {
      const { done, value } = await source.next()
      if (done) return
      ahead = value
    }
  }
  return {
    async take(most) {
      if (most > 0) await fill()
      return ahead.splice(0, most)
    },
    async more() {
      await fill()
      return ahead.length > 0
    },
    end: async () => void (await source.return(undefined)),
  }
}

const encoder = new TextEncoder()

const entry = (name: string, xml: string): ZipEntry => ({ name, content: encoder.encode(xml) })
