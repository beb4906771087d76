import type { Db } from "../pool.ts"
import { isOurs, nameOf } from "./filter.ts"

/** Where a sequence stands. */
export interface Sequence {
  schema: string
  name: string
  lastValue: string
  isCalled: boolean
}

/** The sequences of this database, those of identity columns too, with what was drawn from them so far. */
export async function listSequences(db: Db): Promise<Sequence[]> {
  const found = await db.unsafe<{ schema: string; name: string; sqlName: string }[]>(`
    select nspname::text as schema, relname::text as name, ${nameOf("pg_class")} as sql_name
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'S' and relpersistence <> 't' and ${isOurs("pg_class", "pg_class.oid", "relnamespace")}
    order by sql_name
  `)
  if (!found.length) return []
  const values = await db.unsafe<{ place: number; lastValue: string; isCalled: boolean }[]>(
    found
      .map(({ sqlName }, place) => `select ${place} as place, last_value::text, is_called from ${sqlName}`)
      .join(" union all ")
      .concat(" order by place"),
  )
  return found.map(({ schema, name }, place) => ({
    schema,
    name,
    lastValue: values[place]!.lastValue,
    isCalled: values[place]!.isCalled,
  }))
}

/** The statement that has a sequence go on from where it stood, if there is one of that name. */
export function standing({ schema, name, lastValue, isCalled }: Sequence) {
  const found = [schema, name].map((part) => `"${part.replaceAll('"', '""')}"`).join(".")
  return `select pg_catalog.setval(found, ${BigInt(lastValue)}, ${isCalled}) from pg_catalog.to_regclass('${found.replaceAll("'", "''")}') as found where found is not null`
}
