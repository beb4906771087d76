import type { Scope } from "../../db/figures/scope.ts"
import type { Db } from "../../db/pool.ts"
import type { Locale } from "../../lib/locale.ts"
import type { Cell, Column, Kind } from "../documents/table.ts"

/** A figure to see at a glance; its value is that of a cell of its kind. */
export interface Figure {
  label: string
  kind: Kind
  value: Cell
}

/** Bars or lines over the same categories. */
export interface Chart {
  title: string
  form: "bars" | "lines" | "funnel"
  kind: "money" | "integer" | "percent"
  categories: string[]
  series: { name: string; values: number[] }[]
}

/** A column. On paper those of text share the width that the others leave, by their `weight`. */
export interface SectionColumn extends Column {
  weight?: number
  /** On paper it has no place of its own: it stands below the one before it. */
  isBelow?: boolean
}

/** A part of a report: a sheet of a workbook, a chapter of a document. */
export interface Section {
  name: string
  /** What is counted, for whoever reads it. */
  note: string
  /** The most telling first. */
  figures: Figure[]
  charts: Chart[]
  columns: SectionColumn[]
  /** To be read once, while the snapshot is there. */
  rows: AsyncIterable<Cell[][]> | Iterable<Cell[][]>
  /** How many there are. */
  count: number
  /** Sums of the columns. */
  totals?: Cell[]
}

/** What a section is made of and for. */
export interface Sought {
  scope: Scope
  locale: Locale
  db: Db
}

/** A column of rows, and what of a row it shows. */
export interface ColumnOf<Row> extends SectionColumn {
  of: (row: Row) => Cell
}

/** The columns of a table, and its rows, so many, as their cells. */
export const tableOf = <Row>(
  columns: ColumnOf<Row>[],
  batches: AsyncIterable<Row[]> | Iterable<Row[]>,
  count: number,
): Pick<Section, "columns" | "rows" | "count"> => ({
  columns: columns.map(({ of: _, ...column }) => column),
  rows: cellsOf(columns, batches),
  count,
})

async function* cellsOf<Row>(columns: ColumnOf<Row>[], batches: AsyncIterable<Row[]> | Iterable<Row[]>) {
  for await (const batch of batches) yield batch.map((row) => columns.map(({ of }) => of(row)))
}

/** A part in percent, with one decimal; null of nothing. */
export const percentOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((1_000 * part) / whole) / 10
