import type { TextStyle } from "./line.ts"
import { AREA, type Paper } from "./paper.ts"
import type { Element } from "./tags.ts"
import { HAIRLINE, STRIPE } from "./theme.ts"

/** A column: `weight` is its part of the page's width. */
export interface TableColumn {
  title: string
  weight: number
  align: "left" | "right"
}

/** What a table says: rows come in batches of whatever size, each cell as it is to be read. */
export interface Table {
  columns: TableColumn[]
  rows: AsyncIterable<string[][]>
  /** The last row: sums. */
  totals?: string[] | undefined
}

const ROW = 14
const HEADER = 18
const GAP = 8
const BODY: TextStyle = { size: 8.5 }
const BOLD: TextStyle = { size: 8.5, face: "bold" }

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
  const table = tags.open("Table")
  let body!: Element
  let count = 0

  const cell = (index: number, text: string, style: TextStyle) =>
    pen.write(text, { ...places[index]!, y: paper.y + 1.5 }, style)

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
    rule(paper.y + ROW + 1, paper.theme.accent, 1)
    paper.y += HEADER
  }

  const makeRoom = (height: number) => {
    if (paper.y + height <= AREA.bottom) return
    tags.close(body)
    paper.nextPage()
    begin(true)
  }

  paper.makeRoom(HEADER + 3 * ROW)
  begin(false)
  for await (const batch of rows) {
    for (const texts of batch) {
      makeRoom(ROW)
      if (count % 2 === 1) {
        tags.artifact(() => doc.rect(AREA.left, paper.y, AREA.width, ROW).fill(STRIPE))
        pen.lift()
      }
      if (count < READ_BY_CELL) byCell(texts, "TD", BODY)
      else whole(texts)
      paper.y += ROW
      count += 1
      yield
    }
  }
  if (totals) {
    makeRoom(ROW + 4)
    rule(paper.y + 1, HAIRLINE, 0.75)
    paper.y += 3
    byCell(totals, "TD", BOLD)
    paper.y += ROW
  }
  tags.close(body)
  tags.close(table)
  return count
}

function placesOf(columns: TableColumn[]) {
  const all = columns.reduce((sum, { weight }) => sum + weight, 0)
  const free = AREA.width - GAP * (columns.length - 1)
  let x = AREA.left
  return columns.map(({ weight, align }) => {
    const width = (free * weight) / all
    const place = { x, width, align }
    x += width + GAP
    return place
  })
}
