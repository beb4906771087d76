import { fullName, type Table } from "../../db/catalogue/tables.ts"
import { PermanentError } from "../../lib/errors.ts"

/** Tables that are told when one is not found. */
const TOLD = 40

/** The tables that are meant: of public unless a schema is said, and each with its partitions. Throws PermanentError for one that is not there. */
export function inScope(tables: readonly Table[], wanted: readonly string[] | null): Table[] {
  if (!wanted) return [...tables]
  const names = new Set(wanted.map((name) => (name.includes(".") ? name : `public.${name}`)))
  const chosen = tables.filter((table) => [fullName(table), ...table.parents].some((name) => names.has(name)))
  const there = new Set(tables.flatMap((table) => [fullName(table), ...table.parents]))
  const missing = [...names].filter((name) => !there.has(name))
  if (missing.length === 0) return chosen
  const known = [...there].sort().map((name) => name.replace(/^public\./, ""))
  throw new PermanentError(
    `There is no table ${missing.join(", ")}: the tables are ${known.slice(0, TOLD).join(", ")}${known.length > TOLD ? ", …" : ""}`,
  )
}

/** The names of tables and of what they are parts of. */
export const namesOf = (tables: readonly { schema: string; name: string; parents: readonly string[] }[]) =>
  new Set(tables.flatMap((table) => [fullName(table), ...table.parents]))
