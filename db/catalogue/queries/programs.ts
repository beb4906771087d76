import { isOurs } from "../filter.ts"
import { isOurRelation, relationName } from "./tables.ts"

const options = "coalesce(' with (' || array_to_string(reloptions, ', ') || ')', '')"

/** Functions, views, and what runs of itself; none of it is for some tables alone. */
export const programQueries = [
  `
    select '1255:' || oid as id, 'function' as kind, oid::regprocedure::text as name, pg_get_functiondef(oid) as sql,
      case when prosqlbody is not null and cardinality(array_positions(proargnames, '')) = 1
        then array_position(proargnames, '') end as nameless
    from pg_proc
    where prokind in ('f', 'p', 'w') and ${isOurs("pg_proc", "oid", "pronamespace")} and not exists (
      select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'i'
    )
  `,
  `
    select '1259:' || oid as id, 'view' as kind, ${relationName} as name,
      format('create %sview %s%s as %s%s', case relkind when 'm' then 'materialized ' else '' end, ${relationName}, ${options},
        rtrim(pg_get_viewdef(oid), ';'), case relkind when 'm' then ' with no data' else '' end) as sql
    from pg_class
    where relkind in ('v', 'm') and relpersistence <> 't' and ${isOurRelation}
  `,
  `
    select 'contents:' || oid as id, 'contents' as kind, ${relationName} as name, array['1259:' || oid] as needs,
      format('refresh materialized view %s', ${relationName}) as sql
    from pg_class
    where relkind = 'm' and relispopulated and ${isOurRelation}
  `,
  `
    select '2618:' || pg_rewrite.oid as id, 'rule' as kind, rulename::text as name, array['1259:' || ev_class] as needs,
      pg_get_ruledef(pg_rewrite.oid) || case ev_enabled when 'O' then '' else
        format(E';\\nalter table %s %s rule %I', ${relationName}, case ev_enabled when 'D' then 'disable' when 'A' then 'enable always' else 'enable replica' end, rulename)
      end as sql
    from pg_rewrite
    join pg_class on pg_class.oid = ev_class
    where rulename <> '_RETURN' and ${isOurRelation}
  `,
  `
    select '2620:' || pg_trigger.oid as id, 'trigger' as kind, tgname::text as name,
      array['1259:' || tgrelid, '1255:' || tgfoid] as needs,
      pg_get_triggerdef(pg_trigger.oid) || case tgenabled when 'O' then '' else
        format(E';\\nalter table %s %s trigger %I', ${relationName}, case tgenabled when 'D' then 'disable' when 'A' then 'enable always' else 'enable replica' end, tgname)
      end as sql
    from pg_trigger
    join pg_class on pg_class.oid = tgrelid
    where not tgisinternal and tgparentid = 0 and ${isOurRelation}
  `,
  `
    select '3256:' || pg_policy.oid as id, 'policy' as kind, polname::text as name, array['1259:' || polrelid] as needs,
      format('create policy %I on %s as %s for %s to %s', polname, ${relationName},
        case when polpermissive then 'permissive' else 'restrictive' end,
        case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
        case when polroles = '{0}' then 'public' else (select string_agg(quote_ident(rolname), ', ') from pg_roles where pg_roles.oid = any(polroles)) end)
      || coalesce(' using (' || pg_get_expr(polqual, polrelid) || ')', '')
      || coalesce(' with check (' || pg_get_expr(polwithcheck, polrelid) || ')', '') as sql
    from pg_policy
    join pg_class on pg_class.oid = polrelid
    where ${isOurRelation}
  `,
  `
    select 'rows:' || oid as id, 'policy' as kind, ${relationName} as name, array['1259:' || oid] as needs,
      format('alter table %s %s', ${relationName}, concat_ws(', ',
        case when relrowsecurity then 'enable row level security' end,
        case when relforcerowsecurity then 'force row level security' end)) as sql
    from pg_class
    where (relrowsecurity or relforcerowsecurity) and ${isOurRelation}
  `,
]
