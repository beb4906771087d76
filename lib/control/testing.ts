import type { JobDefinition } from "../jobs/define.ts"
import { queueClient, queueKey } from "../queues.ts"
import type { EndState } from "../runs-outcome.ts"

interface Ended {
  state: EndState
  /** Milliseconds since 1970. */
  at: number
  /** Milliseconds that it took. */
  took?: number
}

/** Put runs that have ended into Redis as BullMQ keeps them, and return their ids. */
export async function plantEnded({ name, example }: JobDefinition, runs: Ended[]): Promise<string[]> {
  const pipeline = queueClient().pipeline()
  const ids = runs.map(({ state, at, took = 10 }) => {
    const id = crypto.randomUUID()
    const fields = {
      name,
      data: JSON.stringify(example),
      opts: JSON.stringify({ priority: 5 }),
      timestamp: at - took - 10,
      processedOn: at - took,
      finishedOn: at,
      atm: 1,
      priority: 5,
      ...(state === "failed" ? { failedReason: "planted" } : { returnvalue: "null" }),
    }
    pipeline.hset(queueKey(name, id), fields)
    pipeline.zadd(queueKey(name, state), at, id)
    return id
  })
  const answers = await pipeline.exec()
  const failure = answers?.find(([error]) => error)
  if (failure) throw failure[0]
  return ids
}
