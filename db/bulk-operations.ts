import type { BulkAction, BulkOutcome } from "../lib/bulk.ts"
import type { QueuedPlace } from "../lib/queued-runs.ts"
import type { RunFilter } from "../lib/run-filter.ts"
import { asJson } from "./json.ts"
import { type Db, pool } from "./pool.ts"
import type { RunPlace } from "./run-search.ts"

/** How far the search for an operation's runs has come: in which of its searches, and where in that. */
export interface BulkPlace {
  search: number
  after: RunPlace | QueuedPlace | null
}

/** Something done to every run that a filter means, one after the other, by whichever worker is at it. */
export interface BulkOperation {
  id: number
  /** Its name in Redis. */
  token: string
  action: BulkAction
  filter: RunFilter
  /** Why, of those who say. */
  reason: string | null
  /** Runs acted on a second at most. */
  perSecond: number
  /** `preparing` until the ledger has all that Redis knows of, `matching` until its runs are known, then `acting`. */
  status: "preparing" | "matching" | "acting" | "completed" | "aborted" | "failed"
  place: BulkPlace | null
  /** Batches that were acted on. */
  step: number
  /** Runs found so far. */
  matched: number
  /** Runs acted on so far, by what became of them. */
  outcomes: Partial<Record<BulkOutcome, number>>
  /** What keeps it from going on, or has ended it. */
  error: string | null
  startedBy: string
  abortedBy: string | null
  createdAt: Date
  endedAt: Date | null
}

/** What is read of an operation; its JSON as text, since the pool would rename what is in it. */
export const operationColumns = (db: Db) => db`
  id, token, action, filter::text, reason, per_second, status, place::text, step, matched, outcomes::text, error,
  started_by, aborted_by, created_at, ended_at
`

export type OperationRow = Omit<BulkOperation, "filter" | "place" | "outcomes"> & {
  filter: string
  place: string | null
  outcomes: string
}

/** An operation as it was kept. */
export function readOperation({ filter, place, outcomes, ...row }: OperationRow): BulkOperation {
  const { from, to, ...rest } = JSON.parse(filter)
  return {
    ...row,
    filter: { ...rest, ...(from && { from: new Date(from) }), ...(to && { to: new Date(to) }) },
    place: place === null ? null : JSON.parse(place),
    outcomes: JSON.parse(outcomes),
  }
}

/** Put an operation down, to be begun by a worker; returns its id. */
export async function addOperation(
  {
    action,
    filter,
    reason,
    perSecond,
    startedBy,
  }: Pick<BulkOperation, "action" | "filter" | "reason" | "perSecond" | "startedBy">,
  db: Db = pool(),
): Promise<number> {
  // By this process' clock, as the times of runs are by those of others.
  const [row] = await db<[{ id: number }]>`
    insert into bulk_operations (action, filter, reason, per_second, started_by, created_at)
    values (${action}, ${asJson(filter)}::text::jsonb, ${reason}, ${perSecond}, ${startedBy}, ${new Date()})
    returning id
  `
  return row.id
}

/** Whose operations are meant: those on no other queues than these, when they are told. */
export interface Whose {
  queues?: readonly string[] | undefined
}

const isOf = ({ queues }: Whose, db: Db) =>
  queues
    ? db`(filter ->> 'queue' = any(${[...queues]}::text[]) or filter -> 'queues' <@ ${asJson(queues)}::text::jsonb)`
    : db`true`

/** An operation by its id. */
export async function findOperation(
  id: number,
  whose: Whose = {},
  db: Db = pool(),
): Promise<BulkOperation | undefined> {
  const [row] = await db<OperationRow[]>`
    select ${operationColumns(db)}
    from bulk_operations
    where id = ${id} and ${isOf(whose, db)}
  `
  return row && readOperation(row)
}

/** Operations, the latest first, those before an id. */
export async function listOperations(
  limit: number,
  { before = null, ...whose }: Whose & { before?: number | null | undefined } = {},
  db: Db = pool(),
): Promise<BulkOperation[]> {
  const rows = await db<OperationRow[]>`
    select ${operationColumns(db)}
    from bulk_operations
    where (${before}::bigint is null or id < ${before}) and ${isOf(whose, db)}
    order by id desc
    limit ${limit}
  `
  return rows.map(readOperation)
}

/** Have an operation end before its next batch; who asked first is kept. Undefined when there is none, else whether it was still to end. */
export async function abortOperation(
  id: number,
  actor: string,
  whose: Whose = {},
  db: Db = pool(),
): Promise<BulkOperation | undefined> {
  const [row] = await db<OperationRow[]>`
    update bulk_operations
    set abort_asked_at = coalesce(abort_asked_at, now()), aborted_by = coalesce(aborted_by, ${actor}),
        due_at = now(), updated_at = now()
    where id = ${id} and ended_at is null and ${isOf(whose, db)}
    returning ${operationColumns(db)}
  `
  return row ? readOperation(row) : await findOperation(id, whose, db)
}
