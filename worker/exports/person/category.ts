import type postgres from "postgres"
import type { Cell, Column, Kind } from "../../documents/table.ts"
import { fieldNames } from "./fields.ts"
import { inWords } from "./values.ts"

/** What is kept of a person under one heading: names of fields, and rows with their values. */
export interface Records {
  fields: string[]
  rows: Record<string, unknown>[]
}

/** The rows of a query, and its fields though there be no rows. */
export const recordsOf = (result: postgres.RowList<postgres.Row[]>): Records => ({
  fields: result.columns.map(({ name }) => name),
  rows: [...result],
})

/** Records as a table that people read: in their words, moments by the clock of a zone. */
export function tableOf({ fields, rows }: Records, zone: string): { columns: Column[]; rows: Cell[][][] } {
  const columns = fields.map((field) => ({
    field,
    name: fieldNames[field] ?? field,
    kind: kindOf(field, rows),
  }))
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" })
  return {
    columns,
    rows: [rows.map((row) => columns.map(({ field, kind }) => cellOf(field, row[field], kind, clock)))],
  }
}

function kindOf(name: string, rows: Records["rows"]): Kind {
  const value = rows.map((row) => row[name]).find((value) => value !== null)
  if (value instanceof Date) return "moment"
  if (/Percent/.test(name)) return "percent"
  if (typeof value === "number") return /Cents$/.test(name) ? "money" : "integer"
  if (typeof value === "boolean") return "boolean"
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? "date" : "text"
}

function cellOf(field: string, value: unknown, kind: Kind, clock: Intl.DateTimeFormat): Cell {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return clock.format(value)
  if (Array.isArray(value)) return value.join(", ")
  if (kind === "percent") return Number(value)
  return typeof value === "number" || typeof value === "boolean" ? value : inWords(field, String(value))
}
