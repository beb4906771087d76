import type { Db } from "../pool.ts"
import { withPlace } from "./nameless.ts"
import { commentQueries } from "./queries/comments.ts"
import { constraintQueries } from "./queries/constraints.ts"
import { programQueries } from "./queries/programs.ts"
import { tableQueries } from "./queries/tables.ts"
import { typeQueries } from "./queries/types.ts"
import { isBefore, rankOf, type Statement } from "./statement.ts"

const queries = [typeQueries, tableQueries, constraintQueries, programQueries, commentQueries].flat()

/** What belongs to something else stands for that: a default for its table, an array for its elements, a check for its domain. */
const DEPENDENCIES = `
  with belongs (class, object, id) as (
    select 'pg_attrdef'::regclass, oid, '1259:' || adrelid from pg_attrdef
    union all
    select 'pg_constraint'::regclass, oid, case
      when contypid <> 0 then '1247:' || contypid
      when contype in ('c', 'n') and convalidated then '1259:' || conrelid
    end from pg_constraint where contypid <> 0 or contype in ('c', 'n') and convalidated
    union all
    select 'pg_rewrite'::regclass, oid, '1259:' || ev_class from pg_rewrite where rulename = '_RETURN'
    union all
    select 'pg_class'::regclass, oid, '1247:' || reltype from pg_class where relkind = 'c'
    union all
    select 'pg_class'::regclass, conindid, '2606:' || oid from pg_constraint where contype in ('p', 'u', 'x')
    union all
    select 'pg_type'::regclass, coalesce(array_type.oid, pg_type.oid), case
      when relkind in ('r', 'p', 'v', 'm') then '1259:' || pg_class.oid
      else '1247:' || pg_type.oid
    end
    from pg_type
    left join pg_class on pg_class.oid = pg_type.typrelid
    cross join lateral (values (pg_type.oid), (nullif(pg_type.typarray, 0))) as array_type (oid)
    where pg_type.typelem = 0 or pg_type.typarray <> 0
    union all
    select 'pg_type'::regclass, rngmultitypid, '1247:' || rngtypid from pg_range
  )
  select distinct coalesce(one.id, classid || ':' || objid) as id, coalesce(other.id, refclassid || ':' || refobjid) as needs
  from pg_depend
  left join belongs as one on one.class = classid and one.object = objid
  left join belongs as other on other.class = refclassid and other.object = refobjid
  where deptype in ('n', 'a') and objid >= 16384 and not (
    -- A sequence that a column owns is made before its table, whose default draws from it.
    deptype = 'a' and classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass
    and exists (select from pg_class where oid = objid and relkind = 'S')
  )
`

/**
 * The schema of this database as the statements that make it, in their order. Names are whole, whatever the search path.
 * To be asked with an empty one: what PostgreSQL writes itself names schemas only then.
 */
export async function listStatements(db: Db): Promise<Statement[]> {
  const made = new Map<string, Statement>()
  for (const query of queries)
    for (const row of await db.unsafe<Row[]>(query)) made.set(row.id, asStatement(row))
  for (const { id, needs } of await db.unsafe<{ id: string; needs: string }[]>(DEPENDENCIES)) {
    const [one, other] = [made.get(id), made.get(needs)]
    // A partition is made by itself, and attached.
    const isPartition = one?.kind === "table" && other?.kind === "table"
    if (one && other && one !== other && !isPartition && !one.needs.includes(needs)) one.needs.push(needs)
  }
  return inOrder(made)
}

type Row = Pick<Statement, "id" | "kind" | "name" | "sql"> & {
  tables?: string[] | null
  needs?: string[] | null
  /** The place of the only argument without a name. */
  nameless?: number | null
}

const asStatement = ({ id, kind, name, sql, tables, needs, nameless }: Row): Statement => ({
  id,
  kind,
  name,
  sql: nameless ? withPlace(sql, nameless) : sql,
  tables: tables ?? [],
  needs: needs ?? [],
  when: isBefore(kind) ? "before" : "after",
})

function inOrder(made: Map<string, Statement>): Statement[] {
  const byRank = [...made.values()].sort(
    (one, other) =>
      rankOf(one.kind) - rankOf(other.kind) || compare(one.name, other.name) || compare(one.id, other.id),
  )
  const ordered = new Map<string, Statement>()
  const under = new Set<string>()
  const place = (statement: Statement, when: Statement["when"]) => {
    // A circle has no order; PostgreSQL will say so.
    if (ordered.has(statement.id) || under.has(statement.id)) return
    under.add(statement.id)
    statement.needs = statement.needs.filter((id) => made.has(id)).sort()
    for (const id of statement.needs) place(made.get(id)!, when)
    ordered.set(statement.id, { ...statement, when })
  }
  for (const statement of byRank) place(statement, statement.when)
  return [...ordered.values()]
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

/**
 * The statements that make these tables (`schema.name`) and no others, with what they need of types and functions: keys,
 * indexes, checks, and the foreign keys between them; no views and no triggers.
 */
export function statementsOf(tables: ReadonlySet<string>, statements: readonly Statement[]): Statement[] {
  const byId = new Map(statements.map((statement) => [statement.id, statement]))
  const wanted = new Set<string>()
  const want = (id: string) => {
    if (wanted.has(id)) return
    wanted.add(id)
    for (const needed of byId.get(id)?.needs ?? []) want(needed)
  }
  for (const { id, kind, tables: of } of statements)
    if (kind === "extension" || (of.length > 0 && of.every((table) => tables.has(table)))) want(id)
  return statements.filter(({ id }) => wanted.has(id))
}
