import type { JobName } from "../../lib/jobs/index.ts"
import { queueClient, queueKey } from "../../lib/queues.ts"
import { untilReady } from "../../lib/redis/connect.ts"

/** Keep every event of a queue, where Redis by default keeps the latest 10,000; returns what reads all that has happened so far, each look on from the one before. */
export async function keepEvents(queue: JobName) {
  await untilReady(queueClient())
  await queueClient().hset(queueKey(queue, "meta"), "opts.maxLenEvents", 10_000_000)
  const stream = queueKey(queue, "events")
  await queueClient().del(stream)
  const events: { event: string; id: string }[] = []
  let after = "-"
  return async () => {
    const entries = await queueClient().xrange(stream, after, "+")
    for (const [, fields] of entries)
      events.push({
        event: fields[fields.indexOf("event") + 1]!,
        id: fields[fields.indexOf("jobId") + 1]!,
      })
    const last = entries.at(-1)?.[0]
    if (last) after = `(${last}`
    return events
  }
}

type Events = Awaited<ReturnType<typeof keepEvents>>

/** How often runs were left behind by their workers. */
export const countStalled = async (events: Events) =>
  (await events()).filter(({ event }) => event === "stalled").length
