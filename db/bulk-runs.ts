import type { BulkOutcome } from "../lib/bulk.ts"
import { type Db, pool } from "./pool.ts"

/** A run that an operation is for. */
export interface BulkRun {
  runId: string
  queue: string
}

/** Put runs down for an operation, each once however often it is found, and return how many are new. */
export async function addBulkRuns(operationId: number, runs: readonly BulkRun[], tx: Db): Promise<number> {
  const added = await tx`
    insert into bulk_runs (operation_id, run_id, queue)
    select ${operationId}, run_id, queue
    from unnest(${runs.map(({ runId }) => runId)}::text[], ${runs.map(({ queue }) => queue)}::text[]) as run (run_id, queue)
    order by run_id
    on conflict do nothing
  `
  return added.count
}

/** Runs that an operation has not come to yet. */
export const untouchedRuns = (operationId: number, limit: number, tx: Db): Promise<BulkRun[]> => tx<
  BulkRun[]
>`
  select run_id, queue
  from bulk_runs
  where operation_id = ${operationId} and outcome is null
  order by run_id
  limit ${limit}
`

/** Note what became of runs. */
export async function touchRuns(
  operationId: number,
  outcomes: readonly { runId: string; outcome: BulkOutcome }[],
  tx: Db,
) {
  await tx`
    update bulk_runs as run
    set outcome = done.outcome, touched_at = now()
    from unnest(
      ${outcomes.map(({ runId }) => runId)}::text[], ${outcomes.map(({ outcome }) => outcome)}::text[]
    ) as done (run_id, outcome)
    where run.operation_id = ${operationId} and run.run_id = done.run_id
  `
}

/** What became of an operation's runs: those after an id, of one outcome if it is told; without an outcome, it has not come to them. */
export const listBulkRuns = (
  operationId: number,
  {
    outcome,
    after = "",
    limit,
  }: { outcome?: BulkOutcome | undefined; after?: string | undefined; limit: number },
  db: Db = pool(),
): Promise<(BulkRun & { outcome: BulkOutcome | null; touchedAt: Date | null })[]> => db`
  select run_id, queue, outcome, touched_at
  from bulk_runs
  where operation_id = ${operationId} and run_id > ${after} ${outcome ? db`and outcome = ${outcome}` : db``}
  order by run_id
  limit ${limit}
`
