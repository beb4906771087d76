import { holdsNoNull, isOurs, nameOf } from "../filter.ts"

const ours = isOurs("pg_class", "pg_class.oid", "pg_class.relnamespace")
const name = nameOf("pg_class")

/** As people write it, which is how tables are told apart here. */
const plain = (relation: string) =>
  `(select format('%s.%s', nspname, ${relation}.relname) from pg_namespace where oid = ${relation}.relnamespace)`

const options = (alias: string) => `
  format('%s increment by %s minvalue %s maxvalue %s start with %s cache %s %s', '',
    ${alias}.seqincrement, ${alias}.seqmin, ${alias}.seqmax, ${alias}.seqstart, ${alias}.seqcache,
    case when ${alias}.seqcycle then 'cycle' else 'no cycle' end)
`

/** The identity of a column, where it is its own and not its parent's. */
const identity = `
  case when attidentity <> '' and not exists (
    select from pg_inherits
    join pg_attribute as upper on upper.attrelid = inhparent and upper.attname = pg_attribute.attname
    where inhrelid = pg_attribute.attrelid and relispartition and upper.attidentity <> ''
  ) then (
    select format(' generated %s as identity (sequence name %s%s)',
      case attidentity when 'a' then 'always' else 'by default' end, ${nameOf("sequence")}, ${options("pg_sequence")})
    from pg_depend
    join pg_class as sequence on sequence.oid = objid and sequence.relkind = 'S'
    join pg_sequence on seqrelid = sequence.oid
    where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass
      and refobjid = attrelid and refobjsubid = attnum and deptype = 'i'
  ) end
`

const columns = `
  select string_agg(
    format('%I %s', attname, format_type(atttypid, atttypmod))
    || case when attcollation <> 0 and attcollation <> typcollation
      then format(' collate %s', attcollation::regcollation) else '' end
    || coalesce(case
      when attgenerated = 's' then format(' generated always as (%s) stored', pg_get_expr(adbin, adrelid))
      when attgenerated = 'v' then format(' generated always as (%s) virtual', pg_get_expr(adbin, adrelid))
      when adbin is not null then format(' default %s', pg_get_expr(adbin, adrelid))
      else ${identity}
    end, '')
    || case when ${holdsNoNull("pg_attribute")} then ' not null' else '' end,
    E',\\n  ' order by attnum)
  from pg_attribute
  join pg_type on pg_type.oid = atttypid
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where attrelid = pg_class.oid and attnum > 0 and not attisdropped and (relispartition or attislocal)
`

const checks = `
  select string_agg(format(E',\\n  constraint %I %s', conname, pg_get_constraintdef(pg_constraint.oid)), '' order by conname)
  from pg_constraint
  where conrelid = pg_class.oid and contype = 'c' and convalidated and (relispartition or conislocal)
`

/** Tables with what their rows are checked against as they come, sequences, and which table is a part of which. */
export const tableQueries = [
  `
    select '1259:' || oid as id, 'sequence' as kind, ${name} as name,
      format('create sequence %s as %s', ${name}, format_type(seqtypid, null)) || ${options("pg_sequence")} as sql
    from pg_class
    join pg_sequence on seqrelid = oid
    where relkind = 'S' and relpersistence <> 't' and ${ours} and not exists (
      select from pg_depend where classid = 'pg_class'::regclass and objid = oid and deptype = 'i'
    )
  `,
  `
    select '1259:' || oid as id, 'table' as kind, ${name} as name, array[${plain("pg_class")}] as tables,
      array(select '1259:' || inhparent from pg_inherits where inhrelid = oid and not relispartition) as needs,
      format(E'create %stable %s (\\n  %s%s\\n)%s%s%s',
        case relpersistence when 'u' then 'unlogged ' else '' end, ${name}, (${columns}), (${checks}),
        (
          select format(' inherits (%s)', string_agg(${nameOf("parent")}, ', ' order by inhseqno))
          from pg_inherits join pg_class as parent on parent.oid = inhparent
          where inhrelid = pg_class.oid and not pg_class.relispartition
          having count(*) > 0
        ),
        case relkind when 'p' then ' partition by ' || pg_get_partkeydef(oid) else '' end,
        ' with (' || array_to_string(reloptions, ', ') || ')') as sql
    from pg_class
    where relkind in ('r', 'p') and relpersistence <> 't' and ${ours}
  `,
  `
    select 'inherit:' || inhrelid || ':' || inhparent as id, 'attachment' as kind, ${name} as name,
      array[${plain("pg_class")}, ${plain("parent")}] as tables,
      array['1259:' || inhrelid, '1259:' || inhparent] as needs,
      format('alter table only %s attach partition %s %s', ${nameOf("parent")}, ${name}, pg_get_expr(pg_class.relpartbound, pg_class.oid)) as sql
    from pg_inherits
    join pg_class on pg_class.oid = inhrelid
    join pg_class as parent on parent.oid = inhparent
    where pg_class.relispartition and pg_class.relkind in ('r', 'p') and pg_class.relpersistence <> 't' and ${ours}
  `,
  `
    select 'owned:' || objid as id, 'identity' as kind, ${nameOf("sequence")} as name, array[${plain("pg_class")}] as tables,
      array['1259:' || objid, '1259:' || pg_class.oid] as needs,
      format('alter sequence %s owned by %s.%I', ${nameOf("sequence")}, ${name}, attname) as sql
    from pg_depend
    join pg_class as sequence on sequence.oid = objid and sequence.relkind = 'S'
    join pg_class on pg_class.oid = refobjid
    join pg_attribute on attrelid = refobjid and attnum = refobjsubid
    where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and deptype = 'a' and ${ours}
  `,
]

export { name as relationName, ours as isOurRelation, plain as plainName }
