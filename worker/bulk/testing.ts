import { v7 as uuidv7 } from "uuid"
import { findOperation } from "../../db/bulk-operations.ts"
import { onRedis, queueKey } from "../../lib/queues.ts"
import { until } from "../../sandbox/until.ts"

const PATIENCE = 60_000

/** Have so many runs in Redis that have failed for good, as BullMQ leaves them, and return their ids. */
export async function failedRuns(
  queue: string,
  count: number,
  { data = { n: 1 }, reason = "no luck", finishedOn = Date.now() - 5_000 } = {},
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7())
  const CHUNK = 500
  for (let first = 0; first < count; first += CHUNK)
    await onRedis((client) => {
      const pipeline = client.pipeline()
      for (const id of ids.slice(first, first + CHUNK)) {
        pipeline.hset(queueKey(queue, id), {
          name: queue,
          data: JSON.stringify(data),
          opts: '{"priority":5,"attempts":1}',
          priority: "5",
          timestamp: String(finishedOn - 10),
          delay: "0",
          atm: "1",
          ats: "1",
          processedOn: String(finishedOn - 5),
          finishedOn: String(finishedOn),
          failedReason: reason,
          stacktrace: "[]",
        })
        pipeline.zadd(queueKey(queue, "failed"), finishedOn, id)
      }
      return pipeline.exec()
    })
  return ids
}

/** How often each run of a queue was put in it again after it had failed. */
export async function retries(queue: string): Promise<Map<string, number>> {
  const events = await onRedis((client) => client.xrange(queueKey(queue, "events"), "-", "+"))
  const counts = new Map<string, number>()
  for (const [, fields] of events) {
    const event = Object.fromEntries(
      Array.from({ length: fields.length / 2 }, (_, n) => fields.slice(n * 2, n * 2 + 2)),
    )
    if (event.event === "waiting" && event.prev === "failed")
      counts.set(event.jobId, (counts.get(event.jobId) ?? 0) + 1)
  }
  return counts
}

/** An operation, once it has ended. */
export async function ended(id: number) {
  const isOver = async () => (await findOperation(id))?.endedAt != null
  if (!(await until(isOver, PATIENCE)))
    throw new Error(`It has not ended: ${JSON.stringify(await findOperation(id))}`)
  return (await findOperation(id))!
}
