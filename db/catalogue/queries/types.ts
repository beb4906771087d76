import { isOurs } from "../filter.ts"

const named = "format('%I.%I', (select nspname from pg_namespace where oid = typnamespace), typname)"

/** Schemas, extensions and types. */
export const typeQueries = [
  `
    select '2615:' || oid as id, 'schema' as kind, nspname::text as name, format('create schema if not exists %I', nspname) as sql
    from pg_namespace
    where ${isOurs("pg_namespace", "oid", "oid")}
  `,
  `
    select '3079:' || oid as id, 'extension' as kind, extname::text as name,
      format('create extension if not exists %I with schema %s', extname, extnamespace::regnamespace) as sql
    from pg_extension
    where extname <> 'plpgsql'
  `,
  `
    select '1247:' || oid as id, 'type' as kind, ${named} as name,
      format('create type %s as enum (%s)', ${named}, (
        select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = pg_type.oid
      )) as sql
    from pg_type
    where typtype = 'e' and ${isOurs("pg_type", "pg_type.oid", "typnamespace")}
  `,
  `
    select '1247:' || oid as id, 'type' as kind, ${named} as name,
      format('create domain %s as %s', ${named}, format_type(typbasetype, typtypmod))
      || coalesce((
        select format(' collate %s', typcollation::regcollation)
        from pg_type as base
        where base.oid = pg_type.typbasetype and base.typcollation <> pg_type.typcollation
      ), '')
      || coalesce(' default ' || pg_get_expr(typdefaultbin, 0), '')
      || case when typnotnull then ' not null' else '' end
      || coalesce((
        select string_agg(format(' constraint %I %s', conname, pg_get_constraintdef(pg_constraint.oid)), '' order by conname)
        from pg_constraint where contypid = pg_type.oid and contype = 'c'
      ), '') as sql
    from pg_type
    where typtype = 'd' and ${isOurs("pg_type", "pg_type.oid", "typnamespace")}
  `,
  `
    select '1247:' || pg_type.oid as id, 'type' as kind, ${named} as name,
      format('create type %s as (%s)', ${named}, (
        select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)
        from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped
      )) as sql
    from pg_type
    join pg_class on pg_class.oid = typrelid
    where relkind = 'c' and ${isOurs("pg_class", "pg_class.oid", "relnamespace")}
  `,
  `
    select '1247:' || pg_type.oid as id, 'type' as kind, ${named} as name,
      format('create type %s as range (subtype = %s%s%s%s%s, multirange_type_name = %s)',
        ${named}, format_type(rngsubtype, null),
        case when opcdefault then '' else format(', subtype_opclass = %I.%I', (select nspname from pg_namespace where oid = opcnamespace), opcname) end,
        case when rngcollation <> 0 then format(', collation = %s', rngcollation::regcollation) else '' end,
        case when rngcanonical <> 0 then format(', canonical = %s', rngcanonical) else '' end,
        case when rngsubdiff <> 0 then format(', subtype_diff = %s', rngsubdiff) else '' end,
        (select format('%I.%I', (select nspname from pg_namespace where oid = many.typnamespace), many.typname) from pg_type as many where many.oid = rngmultitypid)
      ) as sql
    from pg_type
    join pg_range on rngtypid = pg_type.oid
    join pg_opclass on pg_opclass.oid = rngsubopc
    where typtype = 'r' and ${isOurs("pg_type", "pg_type.oid", "typnamespace")}
  `,
]
