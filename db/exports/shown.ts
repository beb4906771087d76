import type { ColumnKind, ExportColumn } from "./columns.ts"

/** How the values of a column are written in a file. */
export type Look = "people" | "programs" | "sheet"

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** What JavaScript calls space: PostgreSQL's own notion of it depends on the locale of the database. */
const SPACE = String.raw`\u0009-\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`

/**
 * A text that a spreadsheet shows, and does not calculate, as `guarded` in the CSV of documents has it. Most texts begin with a
 * letter or a digit, and to see that takes a fraction of the time of the expression.
 */
const guarded = (text: string) => `case
    when ascii(${text}) between 65 and 127 or ascii(${text}) between 48 and 57 or ascii(${text}) between 192 and 591 then ${text}
    when ${text} ~ '^[${SPACE}]*[=+@\\t\\r＝＋－＠-]' then '''' || ${text}
    else ${text}
  end`

const PEOPLE: Record<ColumnKind, (column: string, zone: string) => string> = {
  text: (column) => guarded(`${column}::text`),
  integer: (column) => column,
  number: (column) => `replace(${column}::text, '.', ',')`,
  money: (column) => `replace((${column} * 0.01)::text, '.', ',')`,
  percent: (column) => `replace(${column}::text, '.', ',') || '%'`,
  date: (column) => `to_char(${column}, 'DD/MM/YYYY')`,
  moment: (column, zone) => `to_char(${column} at time zone ${zone}, 'DD/MM/YYYY HH24:MI:SS')`,
  boolean: (column) => `case ${column} when true then 'Sim' when false then 'Não' end`,
}

const SHEET: Record<ColumnKind, (column: string, zone: string) => string> = {
  ...PEOPLE,
  text: (column) => `${column}::text`,
  number: (column) => `${column}::float8`,
  money: (column) => column,
  percent: (column) => `${column}::float8`,
  date: (column) => column,
  moment: (column, zone) => `to_char(${column} at time zone ${zone}, 'YYYY-MM-DD HH24:MI:SS')`,
  boolean: (column) => column,
}

/** The expression by which a column is read; `zone` is a literal. What is selected has the column's name. */
export function shown({ name, kind }: ExportColumn, look: Look, zone: string): string {
  const column = `t.${quoted(name)}`
  if (look === "programs") return column
  const written = (look === "people" ? PEOPLE : SHEET)[kind](column, zone)
  return `${written} as ${quoted(name)}`
}
