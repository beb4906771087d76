import { isSecret, type TableName } from "../../lib/exports/tables.ts"
import type { Db } from "../pool.ts"

/** What a column holds, as far as it matters to how it is shown; see the tables of documents. */
export type ColumnKind = "text" | "integer" | "number" | "money" | "percent" | "date" | "moment" | "boolean"

/** A column of a table as the database has it. */
export interface ExportColumn {
  name: string
  kind: ColumnKind
  /** As SQL casts to it: `numeric(5,2)`, `text[]`. */
  type: string
  /** Its place in the primary key, the first being 1; null when it is not in it. */
  keyPlace: number | null
}

/** The columns of a table that may be exported, in its order. */
export async function exportColumns(table: TableName, tx: Db): Promise<ExportColumn[]> {
  const columns = await tx<{ name: string; type: string; keyPlace: number | null }[]>`
    select
      attname as name,
      format_type(atttypid, atttypmod) as type,
      array_position(key.indkey::int2[], attnum) + 1 as key_place
    from pg_attribute
    left join lateral (
      select indkey
      from pg_index
      where indrelid = attrelid and indisunique and indpred is null and indexprs is null
      order by indisprimary desc, indexrelid
      limit 1
    ) as key on true
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped
    order by attnum
  `
  return columns
    .filter(({ name }) => !isSecret(name))
    .map(({ name, type, keyPlace }) => ({ name, type, keyPlace, kind: kindOf(name, type) }))
}

function kindOf(name: string, type: string): ColumnKind {
  if (/^(?:bigint|integer|smallint)$/.test(type)) return /_cents$/.test(name) ? "money" : "integer"
  if (/^(?:numeric|real|double precision)/.test(type))
    return /_percent(?:_|$)/.test(name) ? "percent" : "number"
  if (type === "date") return "date"
  if (type.startsWith("timestamp")) return "moment"
  return type === "boolean" ? "boolean" : "text"
}
