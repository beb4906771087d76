import type { BulkOperation } from "../../db/bulk-operations.ts"
import type { BulkRun } from "../../db/bulk-runs.ts"
import { type BulkOutcome, statusesFor } from "../../lib/bulk.ts"
import { cancelledBy, cancelRun, tellCancelled } from "../../lib/cancel.ts"
import { onRedis, prefixOf, queueKey } from "../../lib/queues.ts"
import { keysOf, scriptOf } from "./script.ts"

/** Seconds for which Redis knows what was done in the latest step: longer than any outage that an operation outlives. */
const LASTING = 7 * 24 * 3_600

/** Active runs that are cancelled at a time. */
const AT_A_TIME = 50

export interface Touched {
  runId: string
  outcome: BulkOutcome
}

/**
 * Do the operation's next step: act on these runs, and return what became of each. Done again, or by two at once, it comes to the
 * same. Throws RedisUnavailable, with some of it done.
 */
export async function actOn(operation: BulkOperation, runs: readonly BulkRun[]): Promise<Touched[]> {
  const touched: Touched[] = []
  for (const [queue, ofQueue] of Map.groupBy(runs, (run) => run.queue)) {
    const ids = ofQueue.map(({ runId }) => runId)
    const answers = await ask(operation, queue, ids)
    const outcomes =
      operation.action === "cancel"
        ? await afterCancel(operation, queue, ids, answers)
        : (answers as BulkOutcome[])
    touched.push(...ids.map((runId, index) => ({ runId, outcome: outcomes[index]! })))
  }
  return touched
}

async function ask(
  { token, action, filter, step, startedBy, reason }: BulkOperation,
  queue: string,
  ids: string[],
): Promise<string[]> {
  const keys = [
    `${prefixOf(queue)}:bulk:${token}`,
    ...keysOf(action).map((key) => queueKey(queue, key)),
    ...ids.map((runId) => queueKey(queue, runId)),
  ]
  const standing = action === "cancel" ? ALL_QUEUED : `,${statusesFor(action, filter).join()},`
  return (await onRedis((client) =>
    client.eval(
      scriptOf(action),
      keys.length,
      ...keys,
      step + 1,
      LASTING,
      queueKey(queue, ""),
      standing,
      cancelledBy(startedBy, reason ?? undefined),
      Date.now(),
      ...ids,
    ),
  )) as string[]
}

/** A run that has moved on since it was found is cancelled all the same, as long as it has not ended. */
const ALL_QUEUED = ",delayed,waiting,active,"

/** Tell the workers of what the script has done, and see active runs to their end. */
async function afterCancel(
  { startedBy, reason }: BulkOperation,
  queue: string,
  ids: string[],
  answers: string[],
): Promise<BulkOutcome[]> {
  if (answers.includes("removed")) {
    // It is the queue that they look through.
    const id = ids[answers.indexOf("removed")]!
    await tellCancelled({ queue, id, reason: cancelledBy(startedBy, reason ?? undefined), ended: true })
  }
  const outcomes = answers.map((answer) => CANCELLED[answer] ?? "skipped")
  const active = [...answers.keys()].filter((index) => answers[index] === "active")
  for (let first = 0; first < active.length; first += AT_A_TIME)
    await Promise.all(
      active.slice(first, first + AT_A_TIME).map(async (index) => {
        const found = await cancelRun({ name: queue }, ids[index]!, {
          actor: startedBy,
          reason: reason ?? undefined,
        })
        outcomes[index] = found === "cancelled" || found === "cancelling" ? found : "skipped"
      }),
    )
  return outcomes
}

const CANCELLED: Record<string, BulkOutcome> = { removed: "cancelled", cancelled: "cancelled", gone: "gone" }
