import { setImmediate as turn } from "node:timers/promises"

/** What a column holds, and with that how its values look: see `Cell`. */
export type Kind = "text" | "integer" | "number" | "money" | "percent" | "date" | "moment" | "boolean"

/**
 * A value: `money` is in cents; `percent` of 2.5 is 2,5 %; a `date` is `2026-02-10` and a `moment` `2026-02-10 14:30:00`, by the
 * clock of whoever is to read it. What is not of its column's kind is written as it would be as a text; null is nothing.
 */
export type Cell = string | number | boolean | null

/** `name` stands at its head. */
export interface Column {
  name: string
  kind: Kind
}

/** Rows come in batches: to wait for each costs more than to write it. */
export interface Table {
  name: string
  columns: readonly Column[]
  rows: AsyncIterable<Cell[][]> | Iterable<Cell[][]>
}

/** Rows that are written without letting anything else have its turn: some milliseconds of work. */
const AT_A_TIME = 500

/** The rows of a table, few at a time, and a turn of the event loop for others in between. */
export async function* inTurns(rows: Table["rows"]): AsyncGenerator<Cell[][]> {
  for await (const batch of rows) {
    for (let from = 0; from < batch.length; from += AT_A_TIME) {
      yield batch.slice(from, from + AT_A_TIME)
      await turn()
    }
  }
}
