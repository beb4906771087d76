import type { TextStyle } from "./line.ts"
import { AREA, type Paper } from "./paper.ts"
import type { Element } from "./tags.ts"
import { HAIRLINE, SOFT, STRIPE } from "./theme.ts"

/** A column: as wide as it says in points, or by its `weight` as a part of what the others leave. Figures stand at the right, and are never cut. */
export type TableColumn = {
  title: string
  align: "left" | "right"
} & ({ width: number } | { weight: number })

/** What a table says: rows come in batches of whatever size. A cell is as it is to be read, of one line, or of two: `\n` is between them. */
export interface Table {
  columns: TableColumn[]
  rows: AsyncIterable<string[][]>
  /** The last row: sums. */
  totals?: string[] | undefined
}

const LINE = 11
const PADDING = 3
const GAP = 8
const BODY: TextStyle = { size: 8.5 }
const BOLD: TextStyle = { size: 8.5, face: "bold" }
const SECOND: TextStyle = { size: 7.5, color: SOFT }

/** Rows whose every cell is an element of its own to a screen reader; further ones are read as a whole, in a tenth of the space. */
const READ_BY_CELL = 500

/**
 * Draw a table from where the paper is, over as many pages as it takes, each with the header again. Returns how many rows there
 * were. pdfkit's own tables take fifty times as long.
 */
export async function* drawTable(
  paper: Paper,
  { columns, rows, totals }: Table,
): AsyncGenerator<void, number> {
  const { doc, pen, tags } = paper
  const places = placesOf(columns)
  const height = heightOf(columns.map(({ title }) => title))
  const table = tags.open("Table")
  let body!: Element
  let count = 0

  const cell = (index: number, text: string, style: TextStyle) => {
    const [first = "", second] = text.split("\n")
    pen.write(first, { ...places[index]!, y: paper.y + 1.5 }, style)
    if (second === undefined) return
    pen.write(" ", { x: places[index]!.x, y: paper.y }, SECOND)
    pen.write(second, { ...places[index]!, y: paper.y + LINE + 1.5 }, SECOND)
  }

  const cells = (texts: string[], style: TextStyle) => {
    for (const [index, text] of texts.entries()) {
      cell(index, text, style)
      // Read as a whole, it must not run together.
      pen.write(" ", { x: places[index]!.x, y: paper.y }, style)
    }
  }

  const byCell = (texts: string[], tag: "TH" | "TD", style: TextStyle) => {
    const row = tags.open("TR", body)
    const more = tag === "TH" ? { A: { O: "Table", Scope: "Column" } } : {}
    for (const [index, text] of texts.entries()) tags.mark(tag, () => cell(index, text, style), row, more)
    tags.close(row)
  }

  const whole = (texts: string[]) => {
    const row = tags.open("TR", body)
    tags.mark("TD", () => cells(texts, BODY), row, { A: { O: "Table", ColSpan: columns.length } })
    tags.close(row)
  }

  const rule = (y: number, color: string, width: number) =>
    tags.artifact(() => doc.moveTo(AREA.left, y).lineTo(AREA.right, y).lineWidth(width).stroke(color))

  const begin = (isRepeated: boolean) => {
    const titles = columns.map(({ title }) => title)
    body = tags.open("TBody", table)
    if (isRepeated) tags.artifact(() => cells(titles, BOLD))
    else byCell(titles, "TH", BOLD)
    rule(paper.y + height + 1, paper.theme.accent, 1)
    paper.y += height + 4
  }

  const makeRoom = (needed: number) => {
    if (paper.y + needed <= AREA.bottom) return
    tags.close(body)
    paper.nextPage()
    begin(true)
  }

  paper.makeRoom(4 * height)
  begin(false)
  for await (const batch of rows) {
    for (const texts of batch) {
      makeRoom(height)
      if (count % 2 === 1) {
        tags.artifact(() => doc.rect(AREA.left, paper.y, AREA.width, height).fill(STRIPE))
        pen.lift()
      }
      if (count < READ_BY_CELL) byCell(texts, "TD", BODY)
      else whole(texts)
      paper.y += height
      count += 1
      yield
    }
  }
  if (totals) {
    makeRoom(heightOf(totals) + 4)
    rule(paper.y + 1, HAIRLINE, 0.75)
    paper.y += 3
    byCell(totals, "TD", BOLD)
    paper.y += heightOf(totals)
  }
  tags.close(body)
  tags.close(table)
  return count
}

/** What the lines of a row take. */
const heightOf = (texts: string[]) => (texts.some((text) => text.includes("\n")) ? 2 : 1) * LINE + PADDING

function placesOf(columns: TableColumn[]) {
  const fixed = columns.reduce((sum, column) => sum + ("width" in column ? column.width : 0), 0)
  const weights = columns.reduce((sum, column) => sum + ("weight" in column ? column.weight : 0), 0)
  const free = AREA.width - GAP * (columns.length - 1) - fixed
  let x = AREA.left
  return columns.map((column) => {
    const { align } = column
    const width = "width" in column ? column.width : (free * column.weight) / weights
    const place = { x, width, align, isWhole: align === "right" }
    x += width + GAP
    return place
  })
}
