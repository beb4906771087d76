import { CANCELLATIONS, cancelMessage } from "../lib/cancel.ts"
import { RunCancelled } from "../lib/errors.ts"
import { createLog } from "../lib/log.ts"
import { queueKey } from "../lib/queues.ts"
import { connectRedis, type RedisClient } from "../lib/redis/connect.ts"
import { outcomeOf } from "../lib/runs-outcome.ts"
import type { QueueWorker } from "./queue-worker.ts"

/**
 * Listen for runs to be cancelled, until `stop`. What is said while the connection is lost is read from the runs' marks when
 * it is back. `onRemoved` hears of runs that were cancelled while nobody had them.
 */
export function listenForCancellations(
  connection: RedisClient,
  workers: readonly QueueWorker[],
  onRemoved: (queue: string) => void,
) {
  const log = createLog("Worker")
  const subscriber = connectRedis("subscriber")

  const catchUp = async () => {
    await subscriber.subscribe(CANCELLATIONS)
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
  subscriber.on("message", (_channel: string, text: string) => {
    const message = cancelMessage.safeParse(parsed(text))
    if (!message.success) return log.warn("A cancellation could not be read")
    const { queue, id, reason, ended } = message.data
    if (ended) return onRemoved(queue)
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
