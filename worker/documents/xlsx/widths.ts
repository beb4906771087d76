import type { Cell, Column, Kind } from "../table.ts"

const NARROWEST = 9
const WIDEST = 60

/** Room for the mark of a filter, and for a bold head. */
const MARK = 4

const OF_KIND: Partial<Record<Kind, number>> = { money: 16, date: 12, moment: 20 }

/** The width of each column, in characters: by its name, and by the first rows. */
export const widthsOf = (columns: readonly Column[], rows: Cell[][]): number[] =>
  columns.map(({ name, kind }, place) => {
    const longest = rows.reduce((most, row) => Math.max(most, lengthOf(row[place])), 0)
    const wanted = Math.max(name.length + MARK, OF_KIND[kind] ?? longest + 2, NARROWEST)
    return Math.min(wanted, WIDEST)
  })

const lengthOf = (value: Cell | undefined) => {
  if (value === null || value === undefined) return 0
  const text = String(value)
  const line = text.indexOf("\n")
  return line < 0 ? text.length : line
}
