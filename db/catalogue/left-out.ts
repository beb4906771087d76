import type { Db } from "../pool.ts"
import { isOurs, nameOf } from "./filter.ts"

/** Kinds of things that are ours by where they stand, and that no statement is written for. */
const inSchemas = [
  ["pg_proc", "aggregate", "proname", "pronamespace", "prokind = 'a'"],
  ["pg_operator", "operator", "oprname", "oprnamespace", "true"],
  ["pg_opclass", "operator class", "opcname", "opcnamespace", "true"],
  ["pg_collation", "collation", "collname", "collnamespace", "true"],
  ["pg_conversion", "conversion", "conname", "connamespace", "true"],
  ["pg_ts_config", "text search configuration", "cfgname", "cfgnamespace", "true"],
  ["pg_ts_dict", "text search dictionary", "dictname", "dictnamespace", "true"],
  ["pg_type", "base type", "typname", "typnamespace", "typtype = 'b' and typelem = 0"],
] as const

const beside = [
  `select format('function %s, unless its arguments get names', oid::regprocedure) from pg_proc where cardinality(array_positions(proargnames, '')) between 2 and cardinality(proargnames) - 1 and prosqlbody is not null and ${isOurs("pg_proc", "pg_proc.oid", "pronamespace")}`,
  "select 'event trigger ' || evtname from pg_event_trigger",
  "select 'publication ' || pubname from pg_publication",
  "select 'foreign server ' || srvname from pg_foreign_server",
  "select 'large objects' where exists (select from pg_largeobject_metadata)",
  `select 'foreign table ' || ${nameOf("pg_class")} from pg_class where relkind = 'f'`,
  `select 'typed table ' || ${nameOf("pg_class")} from pg_class where relkind in ('r', 'p') and reloftype <> 0`,
  `select 'invalid index ' || ${nameOf("pg_class")} from pg_index join pg_class on oid = indexrelid where not indisvalid and relkind = 'i'`,
  "select format('cast from %s to %s', castsource::regtype, casttarget::regtype) from pg_cast where oid >= 16384 and not exists (select from pg_depend where classid = 'pg_cast'::regclass and objid = pg_cast.oid and deptype in ('e', 'i'))",
]

/** What is in the database, and would not be in one restored, as `aggregate sum_of_it`; who owns what and who may what is never told. */
export async function listLeftOut(db: Db): Promise<string[]> {
  const queries = [
    ...inSchemas.map(
      ([catalog, kind, name, namespace, more]) => `
        select '${kind} ' || ${name} from ${catalog}
        where ${more} and ${isOurs(catalog, `${catalog}.oid`, namespace)}
      `,
    ),
    ...beside,
  ]
  const found = await db.unsafe<{ what: string }[]>(
    `select what from (${queries.join(" union ")}) as each (what) order by what`,
  )
  return found.map(({ what }) => what)
}
