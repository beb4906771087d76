import type postgres from "postgres"
import { queuesOf, type RunFilter, valuesOf } from "../lib/run-filter.ts"
import type { RunStatus } from "../lib/runs.ts"
import { type Db, pool } from "./pool.ts"
import { describeRun, type RunRow, runColumns } from "./runs.ts"

/** After which run a page begins: its end in microseconds since 1970, and its id. */
export interface RunPlace {
  at: number
  id: string
}

export interface RunPage {
  /** Latest end first; payloads, results and errors are without personal data. */
  runs: RunStatus[]
  /** Where the next page begins, if there may be more: a page for which many runs had to be looked at holds fewer, or none. */
  next: RunPlace | null
}

/** Runs that are looked at for one page. */
const MOST_SCANNED = 20_000

/** Milliseconds that a statement may take. */
const LONGEST = 1_000

interface Page {
  after?: RunPlace | null
  limit: number
  /** Runs that are looked at. */
  most?: number
}

/** A page of the runs that have ended and that a filter means. Throws SearchTooLong. */
export const searchRuns = (filter: RunFilter, page: Page, db: postgres.Sql = pool()): Promise<RunPage> =>
  bounded(db, async (tx) => {
    const { rows, next } = await pageOf<RunRow>(filter, page, runColumns(tx), tx)
    return { runs: rows.map(describeRun), next }
  })

/** The same within a transaction, in whatever time it takes, and no more of the runs than their ids and queues. */
export const searchIds = (filter: RunFilter, page: Page, tx: Db) =>
  pageOf<{ id: string; queue: string }>(filter, page, tx`id, queue`, tx)

async function pageOf<Row extends { id: string }>(
  filter: RunFilter,
  { after, limit, most = MOST_SCANNED }: Page,
  columns: Fragment,
  tx: Db,
) {
  // What is scanned is in the order of an index: to sort the table for it would take as long as the table is.
  await tx`set local enable_seqscan = off`
  const scanned = scan(filter, after, most, tx)
  const rows = await tx<(Row & { at: number })[]>`
    select ${columns}, ${placeOf(tx)} as at
    from (${scanned}) as scanned
    where ${meant(filter, tx)}
    order by scanned.finished_at desc, id desc
    limit ${limit}
  `
  const last = rows.length < limit ? await lastOf(scanned, most, tx) : rows.at(-1)
  return { rows, next: last ? { at: last.at, id: last.id } : null }
}

/** How many runs that have ended a filter means, counted up to `most`. Throws SearchTooLong. */
export const countRuns = (filter: RunFilter, most: number, db: postgres.Sql = pool()): Promise<number> =>
  bounded(db, async (tx) => {
    const [row] = await tx<[{ count: number }]>`
      select count(*)
      from (select from runs where ${within(filter, null, tx)} and ${meant(filter, tx)} limit ${most}) as found
    `
    return row.count
  })

/** A search that would have to look at too much. */
export class SearchTooLong extends Error {
  override name = "SearchTooLong"

  constructor() {
    super(
      `The search took longer than ${LONGEST} ms: narrow it by queue or status, or by less time between from and to`,
    )
  }
}

/** SQLSTATE of a statement that was cancelled, here by its own time. */
const QUERY_CANCELED = "57014"

async function bounded<T>(db: postgres.Sql, ask: (tx: Db) => Promise<T>): Promise<T> {
  try {
    return (await db.begin("read only", async (tx) => {
      await tx`select set_config('statement_timeout', ${String(LONGEST)}, true)`
      return await ask(tx)
    })) as T
  } catch (error) {
    throw (error as { code?: unknown }).code === QUERY_CANCELED ? new SearchTooLong() : error
  }
}

type Fragment = ReturnType<typeof runColumns>

/** So many runs from a place on, by what an index knows of them: of several queues as many of each, in the order of the index. */
function scan(filter: RunFilter, after: RunPlace | null | undefined, most: number, db: Db): Fragment {
  const queues = queuesOf(filter) ?? []
  if (queues.length < 2) return latest(db`runs where ${within(filter, after, db)}`, most, db)
  const each = queues.map((queue): Fragment => db`(${scan({ ...filter, queue }, after, most, db)})`)
  const all = each.reduce((before, one): Fragment => db`${before} union all ${one}`)
  return latest(db`(${all}) as each`, most, db)
}

const latest = (source: Fragment, most: number, db: Db): Fragment => db`
  select * from ${source} order by finished_at desc, id desc limit ${most}
`

/** The last of so many runs; none when there are fewer, and with them nothing after them. */
async function lastOf(scanned: ReturnType<typeof scan>, most: number, db: Db) {
  const [last] = await db<RunPlaceRow[]>`
    select ${placeOf(db)} as at, id
    from (${scanned}) as scanned
    order by finished_at desc, id desc
    offset ${most - 1}
  `
  return last
}

type RunPlaceRow = { at: number; id: string }

const placeOf = (db: Db) => db`(extract(epoch from finished_at) * 1000000)::bigint`

const isOfUncompleted = ({ status, error }: RunFilter) =>
  error !== undefined || status === "failed" || status === "cancelled"

/** The conditions that an index answers. */
const within = (filter: RunFilter, after: RunPlace | null | undefined, db: Db) => db`
  ${isOfUncompleted(filter) ? db`status <> 'completed'` : db`true`}
  ${ofQueues(queuesOf(filter), db)}
  ${filter.from ? db`and finished_at >= ${filter.from}` : db``}
  ${filter.to ? db`and finished_at < ${filter.to}` : db``}
  ${after ? db`and (finished_at, id) < ('epoch'::timestamptz + ${after.at}::bigint * interval '1 microsecond', ${after.id})` : db``}
`

function ofQueues(queues: readonly string[] | undefined, db: Db) {
  if (!queues) return db``
  return queues.length === 1 ? db`and queue = ${queues[0]!}` : db`and queue = any(${[...queues]}::text[])`
}

/** The conditions that each run has to be looked at for. */
const meant = ({ status, name, error, data = {} }: RunFilter, db: Db) => db`
  ${Object.entries(data).reduce((all, [path, text]) => db`${hasValue(path, text, db)} and ${all}`, db`true`)}
  ${status === undefined ? db`` : db`and status = any(${KEPT_AS[status] ?? []}::text[])`}
  ${name === undefined ? db`` : db`and name = ${name}`}
  ${error === undefined ? db`` : db`and strpos(lower(error collate "C"), lower(${error} collate "C")) > 0`}
`

/** What the ledger calls the statuses of runs. */
const KEPT_AS: Partial<Record<RunStatus["status"], string[]>> = {
  completed: ["completed"],
  failed: ["failed", "timed-out"],
  cancelled: ["cancelled"],
}

const hasValue = (path: string, text: string, db: Db) => db`
  payload #> ${path.split(".")}::text[] = any(${valuesOf(text).map((value) => JSON.stringify(value))}::text[]::jsonb[])
`
