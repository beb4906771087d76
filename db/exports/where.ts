import { PermanentError } from "../../lib/errors.ts"
import type { DateRange } from "../../lib/exports/date-range.ts"
import type { Conditions, Filters } from "../../lib/exports/filters.ts"
import { datedBy, type TableName } from "../../lib/exports/tables.ts"
import { unknownName } from "../../lib/nearest.ts"
import type { Db } from "../pool.ts"
import type { ExportColumn } from "./columns.ts"

/** Which rows of a table are wanted. */
export interface Wanted {
  table: TableName
  filters: Filters
  dateRange: DateRange | undefined
  /** Of this agency alone, where the table tells whose its rows are. */
  agencyId: number | undefined
  /** The zone whose days are meant, as a literal. */
  zone: string
}

/** One condition: an expression in which `?` stands for the values, each cast to a type. */
interface Condition {
  said: string
  sql: string
  values: (string | number | boolean)[]
  type: string
}

const COMPARISONS = { eq: "=", ne: "is distinct from", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const

/**
 * What follows `where`. COPY takes no parameters, so the values are written into it as PostgreSQL itself quotes them. Throws
 * PermanentError for a column that there is not, naming the nearest, and for what is no value of its column.
 */
export async function whereOf(wanted: Wanted, columns: ExportColumn[], tx: Db): Promise<string> {
  const conditions = [
    ...ofFilters(wanted, columns),
    ...ofDates(wanted, columns),
    ...ofAgency(wanted, columns),
  ]
  const written: string[] = []
  for (const condition of conditions) written.push(await write(condition, tx))
  return written.join(" and ") || "true"
}

function ofFilters({ table, filters }: Wanted, columns: ExportColumn[]): Condition[] {
  return Object.entries(filters).flatMap(([path, conditions]) => {
    const [name, of = table] = path.split(".").reverse() as [string, string?]
    if (of !== table) return []
    return ofColumn(path, columnNamed(name, table, columns), conditions)
  })
}

function ofColumn(said: string, { name, type, kind }: ExportColumn, conditions: Conditions): Condition[] {
  const column = `t."${name}"`
  const base = { said, type: type.replace(/\(.*\)/, "") }
  return Object.entries(conditions).map(([operator, value]): Condition => {
    if (operator === "null") return { ...base, sql: `${column} is ${value ? "" : "not "}null`, values: [] }
    if (operator === "in") return { ...base, sql: `${column} in (?)`, values: value as string[] }
    if (operator === "like") {
      if (kind !== "text")
        throw new PermanentError(`The filter ${said}: like is for texts, and this is ${type}`)
      return { ...base, sql: `${column}::text like ?`, values: [value as string], type: "text" }
    }
    return {
      ...base,
      sql: `${column} ${COMPARISONS[operator as keyof typeof COMPARISONS]} ?`,
      values: [value as string],
    }
  })
}

function ofDates({ table, dateRange, zone }: Wanted, columns: ExportColumn[]): Condition[] {
  if (!dateRange) return []
  const column = columnNamed(dateRange.column ?? datedBy(table), table, columns)
  if (column.kind !== "date" && column.kind !== "moment")
    throw new PermanentError(`The date range of ${table}: ${column.name} is ${column.type}, and no date`)
  const said = `dateRange of ${table}`
  const type = column.kind === "date" ? "date" : "timestamptz"
  const at = (bound: string, day: string) =>
    column.kind === "moment" && bound.length === 10 ? `((${day})::timestamp at time zone ${zone})` : day
  const { start, end } = dateRange
  const name = `t."${column.name}"`
  return [
    ...(start
      ? [
          {
            said,
            sql: `${name} >= ${at(start, "?")}`,
            values: [start],
            type: start.length > 10 ? type : "date",
          },
        ]
      : []),
    ...(end && end.length > 10 ? [{ said, sql: `${name} <= ?`, values: [end], type }] : []),
    ...(end && end.length === 10
      ? [{ said, sql: `${name} < ${at(end, "? + 1")}`, values: [end], type: "date" }]
      : []),
  ]
}

function ofAgency({ table, agencyId }: Wanted, columns: ExportColumn[]): Condition[] {
  const name = table === "agencies" ? "id" : "agency_id"
  if (agencyId === undefined || !columns.some((column) => column.name === name)) return []
  return [{ said: "agency", sql: `t.${name} = ?`, values: [agencyId], type: "bigint" }]
}

/** A column of a table by its name. Throws PermanentError, naming the nearest. */
export function columnNamed(name: string, table: TableName, columns: ExportColumn[]): ExportColumn {
  const column = columns.find((column) => column.name === name)
  if (column) return column
  throw new PermanentError(
    `In ${table}, ${unknownName(
      "column",
      name,
      columns.map((column) => column.name),
    )}`,
  )
}

async function write({ said, sql, values, type }: Condition, tx: Db): Promise<string> {
  if (values.length === 0) return sql
  const texts = values.map(String)
  const [row] = await tx<[{ literals: string[] }]>`
    select array(select quote_literal(given) from unnest(${texts}::text[]) with ordinality as each (given, place) order by place) as literals
  `
  const cast = row.literals.map((literal) => `${literal}::${type}`)
  await tx.unsafe(`select ${cast.join(", ")}`).catch((error) => {
    throw isBadValue(error) ? new PermanentError(`The filter ${said} is no ${type}: ${error.message}`) : error
  })
  return sql.replace("?", () => cast.join(", "))
}

/** SQLSTATE class 22, data exceptions: what was given is not of the type. */
const isBadValue = (error: { code?: unknown }) =>
  typeof error.code === "string" && error.code.startsWith("22")
