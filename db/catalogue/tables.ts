import type { Db } from "../pool.ts"
import { holdsNoNull, isOurs, nameOf } from "./filter.ts"

/** A table that rows are in: an ordinary one, or a partition. */
export interface Table {
  oid: number
  schema: string
  name: string
  /** As SQL has it. */
  sqlName: string
  /** The tables it is a partition of, or inherits from, all the way up, as `schema.name`. */
  parents: string[]
  /** In their order, without those that are generated; each also as SQL has it. */
  columns: string[]
  sqlColumns: string[]
  /** What tells its rows apart: columns of a primary key, or of another unique index over columns that are never null. */
  key: string[] | null
  sqlKey: string[] | null
  /** Of 8 kB or so, and their bytes. */
  pages: number
  bytes: number
}

/** The name of a table as people give it. */
export const fullName = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`

/** The tables of this database, largest first. */
export const listTables = (db: Db) =>
  db.unsafe<Table[]>(`
    with recursive ours as (
      select oid, relname, relnamespace, ${nameOf("pg_class")} as sql_name
      from pg_class
      where relkind = 'r' and relpersistence <> 't' and ${isOurs("pg_class", "pg_class.oid", "relnamespace")}
    ),
    above as (
      select oid as child, inhparent as parent from ours join pg_inherits on inhrelid = oid
      union
      select child, inhparent from above join pg_inherits on inhrelid = parent
    ),
    parts as (
      select indrelid, indexrelid, indisprimary, indisreplident, indnkeyatts, attname, ${holdsNoNull("pg_attribute")} as is_full, attgenerated, place
      from ours
      join pg_index on indrelid = ours.oid
      cross join lateral unnest(indkey::int2[]) with ordinality as part (number, place)
      join pg_attribute on attrelid = indrelid and attnum = part.number
      where indisunique and indisvalid and indimmediate and indpred is null and indexprs is null
        and place <= indnkeyatts
    ),
    keys as (
      select distinct on (indrelid)
        indrelid, array_agg(attname::text order by place) as key, array_agg(format('%I', attname) order by place) as sql_key
      from parts
      group by indrelid, indexrelid, indisprimary, indisreplident, indnkeyatts
      having bool_and(is_full and attgenerated = '')
      order by indrelid, indisprimary desc, indisreplident desc, indnkeyatts, indexrelid
    )
    select
      ours.oid::int8 as oid, (select nspname from pg_namespace where oid = relnamespace) as schema, relname::text as name, sql_name,
      array(
        select format('%s.%s', nspname, parent.relname)
        from above
        join pg_class as parent on parent.oid = above.parent
        join pg_namespace on pg_namespace.oid = parent.relnamespace
        where child = ours.oid
        order by parent.oid
      ) as parents,
      columns, sql_columns, key, sql_key,
      pg_relation_size(ours.oid) / current_setting('block_size')::int8 as pages,
      pg_table_size(ours.oid) as bytes
    from ours
    cross join lateral (
      select
        coalesce(array_agg(attname::text order by attnum), '{}') as columns,
        coalesce(array_agg(format('%I', attname) order by attnum), '{}') as sql_columns
      from pg_attribute
      where attrelid = ours.oid and attnum > 0 and not attisdropped and attgenerated = ''
    ) as columns
    left join keys on indrelid = ours.oid
    order by bytes desc, sql_name
  `)

/** The database as a backup has to know it. */
export interface Server {
  version: string
  /** The version as a number: 180004. */
  versionNumber: number
  /** The system, its timeline and the database: transaction ids are of these alone. */
  cluster: string
  snapshot: string
  /** The oldest transaction that had not ended, and the newest, as numbers that never wrap around. */
  oldestXid: string
  nextXid: string
  /** The last migration; null where nothing was migrated. */
  migration: string | null
}

/** Where a transaction is, and what it sees. */
export async function lookAtServer(db: Db): Promise<Server> {
  const [server] = await db<[Omit<Server, "migration"> & { migrates: boolean }]>`
    select
      current_setting('server_version') as version,
      current_setting('server_version_num')::int as version_number,
      concat_ws('/', system_identifier, timeline_id, (select oid from pg_database where datname = current_database())) as cluster,
      snapshot::text, pg_snapshot_xmin(snapshot)::text as oldest_xid, pg_snapshot_xmax(snapshot)::text as next_xid,
      to_regclass('public.migrations') is not null as migrates
    from pg_control_system(), pg_control_checkpoint(), pg_current_snapshot() as snapshot
  `
  const { migrates, ...rest } = server
  const [last] = migrates
    ? await db<{ name: string }[]>`select name from public.migrations order by name desc limit 1`
    : []
  return { ...rest, migration: last?.name ?? null }
}
