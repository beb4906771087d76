/**
 * SQL for what is neither PostgreSQL's own, nor temporary, nor an extension's, nor made along with something else:
 * `catalog` is the table of the catalogue that `oid` is of, `namespace` the object's schema.
 */
export const isOurs = (catalog: string, oid: string, namespace: string) => `(
  ${namespace} in (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
  and not exists (
    select from pg_depend as part
    where part.deptype = 'e' and (
      part.classid = '${catalog}'::regclass and part.objid = ${oid}
      or part.classid = 'pg_namespace'::regclass and part.objid = ${namespace}
    )
  )
)`

/** SQL for whether a column holds no null; where it only takes no new one, it may well hold some from before. */
export const holdsNoNull = (attribute: string) => `(
  ${attribute}.attnotnull and not exists (
    select from pg_constraint
    where conrelid = ${attribute}.attrelid and contype = 'n' and not convalidated and conkey = array[${attribute}.attnum]
  )
)`

/** SQL for the name of a relation, as statements have it. */
export const nameOf = (relation: string) =>
  `format('%I.%I', (select nspname from pg_namespace where oid = ${relation}.relnamespace), ${relation}.relname)`
