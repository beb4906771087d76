import type { Db } from "../pool.ts"
import type { ColumnKind, ExportColumn } from "./columns.ts"

/** How the values of a column are written: for people in Brazil, for programs, or for the cells of a sheet. */
export type Look = "people" | "programs" | "sheet"

/** Have a transaction write days and moments in this way: PostgreSQL does that far faster than `to_char`. */
export async function lookLike(look: Look, zone: string, tx: Db) {
  await tx`
    select
      set_config('timezone', ${look === "programs" ? "UTC" : zone}, true),
      set_config('datestyle', ${look === "people" ? "SQL, DMY" : "ISO, YMD"}, true)
  `
}

/** The expression by which a column is read, in a transaction that looks like that. What is selected has the column's name. */
export function shown({ name, kind }: ExportColumn, look: Look): string {
  const column = `t."${name}"`
  const show = SHOWN[look][kind]
  return show ? `${show(column)} as "${name}"` : column
}

/** What JavaScript calls space: PostgreSQL's own notion of it depends on the locale of the database. */
const SPACE = String.raw`\u0009-\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`

/**
 * A text that a spreadsheet shows, and does not calculate, as `guarded` in the CSV of documents has it. By its first sign nearly
 * every text can be told, which takes a fifth of the time of the expression.
 */
const guarded = (column: string) => {
  const text = `${column}::text`
  return `case
    when ascii(${text}) between 65 and 127 or ascii(${text}) between 48 and 57 or ascii(${text}) between 192 and 591 then ${text}
    when ascii(${text}) in (${[..."=+-@"].map((sign) => sign.charCodeAt(0)).join(", ")}) then '''' || ${text}
    when ${text} ~ '^[${SPACE}]*[=+@\\t\\r＝＋－＠-]' then '''' || ${text}
    else ${text}
  end`
}

const toTheSecond = (column: string) => `date_trunc('second', ${column})::timestamp`

const SHOWN: Record<Look, Partial<Record<ColumnKind, (column: string) => string>>> = {
  people: {
    text: guarded,
    number: (column) => `replace(${column}::text, '.', ',')`,
    money: (column) => `replace((${column} * 0.01)::text, '.', ',')`,
    percent: (column) => `replace(${column}::text, '.', ',') || '%'`,
    moment: toTheSecond,
    boolean: (column) => `case ${column} when true then 'Sim' when false then 'Não' end`,
  },
  programs: {},
  sheet: {
    number: (column) => `${column}::float8`,
    percent: (column) => `${column}::float8`,
    moment: toTheSecond,
  },
}
