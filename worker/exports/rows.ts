import type { Bytes } from "../../lib/storage/types.ts"
import type { Cell, Kind } from "../documents/table.ts"

const LINE_END = 10

const decoder = new TextDecoder()

/** Rows from what COPY writes as text, as they come; the values of each kind of column as documents have them. */
export async function* rowsOf(lines: AsyncIterable<Uint8Array>, kinds: Kind[]): AsyncGenerator<Cell[][]> {
  const readers = kinds.map((kind) => READ[kind])
  const read = (field: string, place: number) => (field === NOTHING ? null : readers[place]!(field))
  let begun: Uint8Array = new Uint8Array()
  for await (const piece of lines) {
    const end = piece.lastIndexOf(LINE_END)
    if (end < 0) {
      begun = joined(begun, piece)
      continue
    }
    const whole = decoder.decode(joined(begun, piece.subarray(0, end)))
    yield whole.split("\n").map((line) => line.split("\t").map(read))
    begun = piece.slice(end + 1)
  }
}

/** Objects on lines, each with a comma before it, as one array. */
export async function* asArray(lines: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  yield encoder.encode("[\n")
  let first = true
  for await (const piece of lines) {
    if (first) piece[0] = SPACE
    first = false
    yield piece
  }
  yield encoder.encode("]\n")
}

const SPACE = 32
const encoder = new TextEncoder()

const NOTHING = String.raw`\N`

const READ: Record<Kind, (field: string) => Cell> = {
  text: (field) => (field.includes("\\") ? field.replace(ESCAPED, unescaped) : field),
  integer: Number,
  number: Number,
  money: Number,
  percent: Number,
  date: (field) => field,
  moment: (field) => field,
  boolean: (field) => field === "t",
}

/** https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT-FORMAT, as it is written. */
const ESCAPED = /\\(.)/g
const NAMED: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }
const unescaped = (_: string, sign: string) => NAMED[sign] ?? sign

const joined = (one: Uint8Array, other: Uint8Array) =>
  one.length === 0 ? other : Buffer.concat([one, other])
