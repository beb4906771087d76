import type { Bytes } from "../../../lib/storage/types.ts"
import { type Cell, inTurns, type Kind, type Table } from "../table.ts"
import { guarded } from "./guard.ts"

const encoder = new TextEncoder()

/** What a CSV begins with for spreadsheets: it tells them that it is UTF-8. */
export const csvMark = encoder.encode("\ufeff")

/**
 * A table as CSV for spreadsheets in Brazil: UTF-8 with its mark, `;`, decimal commas, 10/02/2026, Sim and Não; a text that begins
 * like a formula gets an apostrophe before it. Nothing is `;;`, a text without characters `""`.
 */
export async function* csv({ columns, rows }: Pick<Table, "columns" | "rows">): AsyncGenerator<Bytes> {
  const fields = columns.map(({ kind }) => fieldWriter(kind))
  const head = columns.map(({ name }) => quoted(guarded(name))).join(";")
  yield csvMark
  yield encoder.encode(`${head}\n`)
  for await (const batch of inTurns(rows)) {
    const lines = batch.map((row) => fields.map((write, place) => write(row[place] ?? null)).join(";"))
    if (lines.length > 0) yield encoder.encode(`${lines.join("\n")}\n`)
  }
}

const shown: Record<Kind, (value: Exclude<Cell, null>) => string | undefined> = {
  text: () => undefined,
  integer: (value) => (typeof value === "number" ? String(value) : undefined),
  number: (value) => (typeof value === "number" ? comma(String(value)) : undefined),
  money: (value) => (typeof value === "number" ? comma((value / 100).toFixed(2)) : undefined),
  percent: (value) => (typeof value === "number" ? `${comma(String(value))}%` : undefined),
  date: (value) => (typeof value === "string" ? inBrazil(value) : undefined),
  moment: (value) => (typeof value === "string" ? inBrazil(value) : undefined),
  boolean: (value) => (typeof value === "boolean" ? (value ? "Sim" : "Não") : undefined),
}

function fieldWriter(kind: Kind) {
  const show = shown[kind]
  return (value: Cell) => {
    if (value === null) return ""
    return show(value) ?? quoted(guarded(String(value)))
  }
}

const comma = (number: string) => number.replace(".", ",")

function inBrazil(text: string) {
  const [, year, month, day, time = ""] =
    /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d:\d\d).*)?$/.exec(text) ?? []
  return year && `${day}/${month}/${year}${time && ` ${time}`}`
}

/** A whole line of `\\.` ends the data for PostgreSQL. */
const quoted = (text: string) =>
  text === "" || text === "\\." || /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
