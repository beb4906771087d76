import type { Db } from "../pool.ts"
import type { Keep } from "./aged.ts"

/** What keeps the rows of a table that others name by foreign keys, whatever these would do to their own rows. */
export async function referencesTo(table: string, db: Db): Promise<Keep[]> {
  const keys = await db<{ child: string; condition: string }[]>`
    select conrelid::regclass::text as child,
      string_agg(format('child.%I = kept.%I', own.attname, named.attname), ' and ') as condition
    from pg_constraint
    cross join lateral unnest(conkey, confkey) as pair (own_number, named_number)
    join pg_attribute as own on own.attrelid = conrelid and own.attnum = own_number
    join pg_attribute as named on named.attrelid = confrelid and named.attnum = named_number
    where contype = 'f' and conparentid = 0 and confdeltype not in ('n', 'd') and confrelid = ${table}::regclass
    group by pg_constraint.oid, conrelid
    order by child
  `
  return keys.map(({ child, condition }) => ({
    why: `named by ${child}`,
    rows: (db) => db`exists (select from ${db.unsafe(child)} as child where ${db.unsafe(condition)})`,
  }))
}
