import type { Cell, Column, Kind } from "../table.ts"
import { dayNumber, momentNumber } from "./days.ts"
import { HEAD, styleOf } from "./styles.ts"
import { textCell } from "./text.ts"

/** The letters of a column, the first being 0: A, Z, AA. */
export function lettersOf(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26))
  return column < 26 ? letter : lettersOf(Math.floor(column / 26) - 1) + letter
}

/** The row with the names of the columns. */
export const headRow = (columns: readonly Column[]) =>
  `<row r="1" ht="20" customHeight="1">${columns.map(({ name }, place) => textCell(`${lettersOf(place)}1`, HEAD, name)).join("")}</row>`

/** Writes rows of such columns; `number` is that of the row in its sheet, the first being 1. */
export function rowWriter(columns: readonly Column[]) {
  const cells = columns.map(({ kind }, place) => cellWriter(lettersOf(place), kind))
  return (row: Cell[], number: number): string => {
    let xml = `<row r="${number}">`
    for (let place = 0; place < cells.length; place++) {
      const value = row[place]
      if (value !== null && value !== undefined && value !== "") xml += cells[place]!(value, number)
    }
    return `${xml}</row>`
  }
}

/** A number as a cell has it; undefined for what is not of this kind. */
const numberOf: Record<Kind, (value: Cell) => number | undefined> = {
  text: () => undefined,
  boolean: () => undefined,
  integer: finite,
  number: finite,
  money: (cents) => part(finite(cents), 100),
  percent: (percent) => part(finite(percent), 100),
  date: (value) => (typeof value === "string" ? dayNumber(value) : undefined),
  moment: (value) => (typeof value === "string" ? momentNumber(value) : undefined),
}

function cellWriter(letters: string, kind: Kind) {
  const style = styleOf[kind]
  const toNumber = numberOf[kind]
  const written = (value: Exclude<Cell, null>, row: number) => {
    const number = toNumber(value)
    if (number !== undefined) return `<c r="${letters}${row}" s="${style}"><v>${number}</v></c>`
    if (typeof value === "boolean")
      return `<c r="${letters}${row}" s="${style}" t="b"><v>${value ? 1 : 0}</v></c>`
    return textCell(`${letters}${row}`, style, String(value))
  }
  return written
}

function finite(value: Cell) {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined
}

const part = (number: number | undefined, of: number) => (number === undefined ? undefined : number / of)
