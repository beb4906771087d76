import { BULK } from "../lib/bulk.ts"
import { CANCELLATIONS, cancelMessage } from "../lib/cancel.ts"
import { RunCancelled } from "../lib/errors.ts"
import { createLog } from "../lib/log.ts"
import { queueKey } from "../lib/queues.ts"
import { connectRedis, type RedisClient } from "../lib/redis/connect.ts"
import { outcomeOf } from "../lib/runs-outcome.ts"
import { WATCHED } from "../lib/watched.ts"
import type { QueueWorker } from "./queue-worker.ts"

export interface Heard {
  /** Runs were cancelled on this queue while nobody had them. */
  onRemoved?: (queue: string) => void
  /** There is a bulk operation to go on with, or may be. */
  onBulk?: () => void
  /** Somebody looks on at runs. */
  onWatched?: (text: string) => void
}

/**
 * Listen for runs to be cancelled, and for bulk operations, until `stop`. What is said while the connection is lost is read from
 * the runs' marks when it is back.
 */
export function listenForCancellations(
  connection: RedisClient,
  workers: readonly QueueWorker[],
  { onRemoved, onBulk, onWatched }: Heard,
) {
  const log = createLog("Worker")
  const subscriber = connectRedis("subscriber")

  const catchUp = async () => {
    await subscriber.subscribe(CANCELLATIONS, BULK, WATCHED)
    onBulk?.()
    for (const worker of workers)
      for (const run of [...worker.active]) {
        const mark = await connection.hget(queueKey(worker.name, run.id), "defa")
        if (mark && outcomeOf(mark) === "cancelled") run.stop(new RunCancelled(mark))
      }
  }
  subscriber.on("ready", () =>
    catchUp().catch((error: Error) =>
      log.warn("Could not look for runs to be cancelled", { reason: error.message }),
    ),
  )
  subscriber.on("message", (channel: string, text: string) => {
    if (channel === BULK) return onBulk?.()
    if (channel === WATCHED) return onWatched?.(text)
    const message = cancelMessage.safeParse(parsed(text))
    if (!message.success) return log.warn("A cancellation could not be read")
    const { queue, id, reason, ended } = message.data
    if (ended) return onRemoved?.(queue)
    workers.find(({ name }) => name === queue)?.stopRuns(new RunCancelled(reason), id)
  })
  return { stop: () => subscriber.disconnect() }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
