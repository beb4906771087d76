import type { BulkOperation } from "../../db/bulk-operations.ts"
import {
  advanceOperation,
  beginMatching,
  endOperation,
  holdDueOperation,
  reserveOperation,
} from "../../db/bulk-progress.ts"
import { touchRuns, untouchedRuns } from "../../db/bulk-runs.ts"
import { type Db, pool } from "../../db/pool.ts"
import { statusesFor } from "../../lib/bulk.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobs as allJobs } from "../../lib/jobs/index.ts"
import type { RedisClient } from "../../lib/redis/connect.ts"
import { isQueuedStatus, queuesOf } from "../../lib/run-filter.ts"
import { LEFT_TO_WORKERS, sweep } from "../ledger/sweep.ts"
import { actOn } from "./act.ts"
import { match } from "./match.ts"

/** Milliseconds after which a worker that prepares an operation counts as dead. */
const TO_PREPARE = 15_000

/** Runs acted on in a step: what it takes Redis and PostgreSQL must be over before anybody has to wait for it. */
const BATCH = 500

export interface Place {
  connection: RedisClient
  jobs?: readonly JobDefinition[]
}

/**
 * Go on with the operation that is due longest: a page of its search, or a batch of its runs, in a transaction that holds it, so
 * that there is one worker at it at a time, and none when that worker dies. Returns which it was; undefined when none is due.
 */
export async function takeStep({ connection, jobs = allJobs }: Place): Promise<BulkOperation | undefined> {
  const held = await pool().begin(async (tx) => {
    // A process that stands still in the middle of it does not keep the others out for long.
    await tx`set local idle_in_transaction_session_timeout = '60s'`
    const operation = await holdDueOperation(tx)
    if (operation) await goOn(operation, jobs, tx).catch((error) => tellOf(operation, error))
    return operation
  })
  if (held?.status === "preparing" && !held.abortedBy) await prepare(held, connection, jobs)
  return held
}

/** What went wrong, and with which operation. */
export class StepFailed extends Error {
  override name = "StepFailed"
  readonly operation: BulkOperation

  constructor(operation: BulkOperation, cause: unknown) {
    super(`Bulk operation ${operation.id}: ${(cause as Error).message}`, { cause })
    this.operation = operation
  }
}

function tellOf(operation: BulkOperation, cause: unknown): never {
  throw new StepFailed(operation, cause)
}

async function goOn(operation: BulkOperation, jobs: readonly JobDefinition[], tx: Db) {
  if (operation.abortedBy) await endOperation(operation.id, "aborted", tx)
  else if (operation.status === "preparing") await reserveOperation(operation.id, TO_PREPARE, tx)
  else if (operation.status === "matching") await match(operation, jobs, tx)
  else if (operation.status === "acting") await act(operation, tx)
}

async function act(operation: BulkOperation, tx: Db) {
  const { id, perSecond } = operation
  const runs = await untouchedRuns(id, Math.min(BATCH, perSecond), tx)
  if (runs.length === 0) return await endOperation(id, "completed", tx)
  const touched = await actOn(operation, runs)
  await touchRuns(id, touched, tx)
  const outcomes = Object.fromEntries(
    [...Map.groupBy(touched, ({ outcome }) => outcome)].map(([outcome, of]) => [outcome, of.length]),
  )
  await advanceOperation(id, { status: "acting", outcomes, rest: (runs.length / perSecond) * 1_000 }, tx)
}

/**
 * Have the ledger know of all that has ended by now: what a worker that was killed took with it is in Redis. Two workers that do so
 * at once come to the same, so nobody is held meanwhile.
 */
async function prepare(operation: BulkOperation, connection: RedisClient, jobs: readonly JobDefinition[]) {
  const { id, action, filter } = operation
  try {
    if (!statusesFor(action, filter).every(isQueuedStatus))
      for (const job of jobs)
        if (queuesOf(filter)?.includes(job.name) ?? true)
          await sweep(job, connection, pool(), Date.now() + LEFT_TO_WORKERS)
    await beginMatching(id)
  } catch (error) {
    tellOf(operation, error)
  }
}
