import { nameOf } from "../filter.ts"
import { isOurRelation, plainName, relationName } from "./tables.ts"

const constraint = (more: string, kind: string, tables: string) => `
  select '2606:' || pg_constraint.oid as id, ${kind} as kind, format('%s.%I', ${relationName}, conname) as name,
    ${tables} as tables,
    array['1259:' || conrelid] || array(select '2606:' || part.oid from pg_constraint as part where part.conparentid = pg_constraint.oid) as needs,
    format('alter table %s%s add constraint %I %s',
      case when relkind = 'r' then 'only ' else '' end, ${relationName}, conname, pg_get_constraintdef(pg_constraint.oid)) as sql
  from pg_constraint
  join pg_class on pg_class.oid = conrelid
  where ${isOurRelation} and ${more}
`

const own = `array[${plainName("pg_class")}]`

/** What holds for the rows of tables, and the indexes: made when the rows are there. Those of partitions come before their parents'. */
export const constraintQueries = [
  constraint("contype in ('p', 'u', 'x')", "case when relkind = 'p' then 'parent-key' else 'key' end", own),
  constraint("contype in ('c', 'n') and not convalidated", "'check'", own),
  constraint(
    "contype = 'f' and conparentid = 0",
    "'foreign-key'",
    `${own} || (select ${plainName("other")} from pg_class as other where other.oid = confrelid)`,
  ),
  `
    select '1259:' || index.oid as id,
      case pg_class.relkind when 'p' then 'parent-index' when 'm' then 'view-index' else 'index' end as kind,
      ${nameOf("index")} as name,
      array['1259:' || indrelid] || array(select '1259:' || inhrelid from pg_inherits where inhparent = indexrelid) as needs,
      case when pg_class.relkind = 'm' then null else ${own} end as tables,
      regexp_replace(pg_get_indexdef(index.oid), ' ON ONLY ', ' ON ') as sql
    from pg_index
    join pg_class on pg_class.oid = indrelid
    join pg_class as index on index.oid = indexrelid
    where ${isOurRelation} and indisvalid and not exists (
      select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x')
    )
  `,
  `
    select 'identity:' || pg_class.oid as id, 'identity' as kind, ${relationName} as name, ${own} as tables,
      array['1259:' || pg_class.oid] as needs,
      format('alter table only %s replica identity %s', ${relationName}, case pg_class.relreplident
        when 'f' then 'full' when 'n' then 'nothing' else 'using index ' || quote_ident(index.relname) end) as sql
    from pg_class
    left join pg_index on indrelid = pg_class.oid and indisreplident
    left join pg_class as index on index.oid = indexrelid
    where pg_class.relkind in ('r', 'p') and ${isOurRelation} and (
      pg_class.relreplident in ('f', 'n') or pg_class.relreplident = 'i' and indexrelid is not null
    )
  `,
  `
    select '3381:' || pg_statistic_ext.oid as id, 'statistics' as kind, stxname::text as name, ${own} as tables,
      array['1259:' || stxrelid] as needs, pg_get_statisticsobjdef(pg_statistic_ext.oid) as sql
    from pg_statistic_ext
    join pg_class on pg_class.oid = stxrelid
    where ${isOurRelation}
  `,
]
