import type { Bytes } from "../../../lib/storage/types.ts"
import type { Cell, Column } from "../table.ts"
import { XML } from "./parts.ts"
import { headRow, lettersOf, rowWriter } from "./rows.ts"
import { widthsOf } from "./widths.ts"

/** The rows of a table that are still to be written, over one sheet or several. */
export interface Remaining {
  /** The next rows, at most so many; none once all are written. */
  take(most: number): Promise<Cell[][]>
}

const encoder = new TextEncoder()

/** The XML of a sheet, with as many of the rows as it has room for; calls `onEnd` with the number of its last row. */
export async function* sheetXml(
  columns: readonly Column[],
  rows: Remaining,
  { mostRows, onEnd }: { mostRows: number; onEnd(last: number): void },
): AsyncGenerator<Bytes> {
  const write = rowWriter(columns)
  let batch = await rows.take(mostRows - 1)
  yield encoder.encode(start(widthsOf(columns, batch)) + headRow(columns))
  let last = 1
  while (batch.length > 0) {
    let xml = ""
    for (const row of batch) xml += write(row, ++last)
    yield encoder.encode(xml)
    batch = await rows.take(mostRows - last)
  }
  yield encoder.encode(end(columns, last))
  onEnd(last)
}

const start = (widths: number[]) =>
  `${XML}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths.map((width, place) => `<col min="${place + 1}" max="${place + 1}" width="${width}" customWidth="1"/>`).join("")}</cols><sheetData>`

/** The mark of a number that is kept as a text is for what somebody typed. */
const end = (columns: readonly Column[], last: number) => {
  const range = `A1:${lettersOf(columns.length - 1)}${last}`
  return `</sheetData><autoFilter ref="${range}"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><ignoredErrors><ignoredError sqref="${range}" numberStoredAsText="1"/></ignoredErrors></worksheet>`
}
