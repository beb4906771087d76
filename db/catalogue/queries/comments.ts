import { isOurs } from "../filter.ts"
import { isOurRelation, plainName, relationName } from "./tables.ts"

/** What people have written about things. */
export const commentQueries = [
  `
    select format('comment:%s:%s', pg_class.oid, objsubid) as id, 'comment' as kind, ${relationName} as name,
      case when relkind in ('r', 'p') then array[${plainName("pg_class")}] end as tables,
      array['1259:' || pg_class.oid] as needs,
      format('comment on %s is %L', case when objsubid = 0
        then format('%s %s', case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
          when 'i' then 'index' when 'I' then 'index' when 'c' then 'type' else 'table' end, ${relationName})
        else format('column %s.%I', ${relationName}, attname)
      end, description) as sql
    from pg_description
    join pg_class on pg_class.oid = objoid
    left join pg_attribute on attrelid = objoid and attnum = objsubid and objsubid > 0
    where classoid = 'pg_class'::regclass and relpersistence <> 't' and ${isOurRelation}
  `,
  `
    select 'comment:' || pg_proc.oid as id, 'comment' as kind, pg_proc.oid::regprocedure::text as name,
      array['1255:' || pg_proc.oid] as needs,
      format('comment on routine %s is %L', pg_proc.oid::regprocedure, description) as sql
    from pg_description
    join pg_proc on pg_proc.oid = objoid
    where classoid = 'pg_proc'::regclass and prokind in ('f', 'p', 'w') and ${isOurs("pg_proc", "pg_proc.oid", "pronamespace")}
  `,
  `
    select 'comment:' || pg_type.oid as id, 'comment' as kind, typname::text as name, array['1247:' || pg_type.oid] as needs,
      format('comment on %s %s is %L', case typtype when 'd' then 'domain' else 'type' end, format_type(pg_type.oid, null), description) as sql
    from pg_description
    join pg_type on pg_type.oid = objoid
    where classoid = 'pg_type'::regclass and typtype in ('e', 'd', 'r', 'c') and ${isOurs("pg_type", "pg_type.oid", "typnamespace")}
  `,
  `
    select 'comment:' || pg_constraint.oid as id, 'comment' as kind, conname::text as name,
      array['1259:' || pg_class.oid, '2606:' || pg_constraint.oid] as needs, array[${plainName("pg_class")}] as tables,
      format('comment on constraint %I on %s is %L', conname, ${relationName}, description) as sql
    from pg_description
    join pg_constraint on pg_constraint.oid = objoid
    join pg_class on pg_class.oid = conrelid
    where classoid = 'pg_constraint'::regclass and ${isOurRelation}
  `,
  `
    select 'comment:' || pg_trigger.oid as id, 'comment' as kind, tgname::text as name, array['2620:' || pg_trigger.oid] as needs,
      format('comment on trigger %I on %s is %L', tgname, ${relationName}, description) as sql
    from pg_description
    join pg_trigger on pg_trigger.oid = objoid
    join pg_class on pg_class.oid = tgrelid
    where classoid = 'pg_trigger'::regclass and not tgisinternal and tgparentid = 0 and ${isOurRelation}
  `,
  `
    select 'comment:' || pg_namespace.oid as id, 'comment' as kind, nspname::text as name, array['2615:' || pg_namespace.oid] as needs,
      format('comment on schema %I is %L', nspname, description) as sql
    from pg_description
    join pg_namespace on pg_namespace.oid = objoid
    where classoid = 'pg_namespace'::regclass and nspname <> 'public' and ${isOurs("pg_namespace", "pg_namespace.oid", "pg_namespace.oid")}
  `,
]
