import {
  type BulkOperation,
  type BulkPlace,
  type OperationRow,
  operationColumns,
  readOperation,
} from "./bulk-operations.ts"
import { asJson } from "./json.ts"
import { type Db, pool } from "./pool.ts"

/** The operation that is due longest, held until this transaction ends; none that another worker holds. */
export async function holdDueOperation(tx: Db): Promise<BulkOperation | undefined> {
  const [row] = await tx<OperationRow[]>`
    select ${operationColumns(tx)}
    from bulk_operations
    where ended_at is null and due_at <= now()
    order by due_at
    limit 1
    for update skip locked
  `
  return row && readOperation(row)
}

/** Milliseconds until an operation is due; undefined while there is none to go on with. */
export async function nextDue(db: Db = pool()): Promise<number | undefined> {
  const [row] = await db<[{ wait: number | null }]>`
    select (extract(epoch from min(due_at) - now()) * 1000)::float8 as wait
    from bulk_operations
    where ended_at is null
  `
  return row.wait === null ? undefined : Math.max(0, row.wait)
}

/** Leave an operation to others if it has not been gone on with after so many milliseconds. */
export async function reserveOperation(id: number, milliseconds: number, tx: Db) {
  await tx`
    update bulk_operations
    set due_at = now() + ${milliseconds} * interval '1 millisecond', updated_at = now()
    where id = ${id}
  `
}

/** Have an operation search for its runs: the ledger has them now. */
export async function beginMatching(id: number, db: Db = pool()) {
  await db`
    update bulk_operations
    set status = 'matching', failures = 0, error = null, due_at = now(), updated_at = now()
    where id = ${id} and status = 'preparing'
  `
}

/** Note how far an operation has come. What stood in its way does no longer. */
export async function advanceOperation(
  id: number,
  {
    status,
    place,
    matched = 0,
    outcomes = {},
    rest = 0,
  }: {
    status: "matching" | "acting"
    place?: BulkPlace | null
    /** Runs found since. */
    matched?: number
    /** Runs acted on since; with any, a step is done. */
    outcomes?: BulkOperation["outcomes"]
    /** Milliseconds until it may be gone on with. */
    rest?: number
  },
  tx: Db,
) {
  const acted = Object.keys(outcomes).length > 0
  await tx`
    update bulk_operations
    set status = ${status},
        place = ${place ? asJson(place) : null}::text::jsonb,
        matched = matched + ${matched},
        step = step + ${acted ? 1 : 0},
        outcomes = (
          select coalesce(jsonb_object_agg(outcome, count), '{}')
          from (
            select key as outcome, sum(value::int) as count
            from (
              select * from jsonb_each_text(outcomes)
              union all
              select * from jsonb_each_text(${asJson(outcomes)}::text::jsonb)
            ) as each
            group by key
          ) as total
        ),
        failures = 0, error = null,
        due_at = now() + ${rest} * interval '1 millisecond', updated_at = now()
    where id = ${id}
  `
}

/** End an operation. */
export async function endOperation(id: number, status: "completed" | "aborted" | "failed", tx: Db) {
  await tx`
    update bulk_operations
    set status = ${status}, ended_at = now(), updated_at = now()
    where id = ${id} and ended_at is null
  `
}

/** Note what kept an operation from going on, and have it tried again later: so many times, then it has failed. */
export async function noteFailure(
  id: number,
  error: string,
  { most, rest }: { most: number; rest: number },
  db: Db = pool(),
) {
  await db`
    update bulk_operations
    set failures = failures + 1, error = ${error}, due_at = now() + ${rest} * interval '1 millisecond', updated_at = now(),
        status = case when failures + 1 < ${most} then status else 'failed' end,
        ended_at = case when failures + 1 < ${most} then null else now() end
    where id = ${id} and ended_at is null
  `
}
