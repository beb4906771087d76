import { afterEach } from "bun:test"
import { queueClient } from "../../lib/queues.ts"
import { untilReady } from "../../lib/redis/connect.ts"

/** Have the master changed in the middle of a file of tests: after its first. */
export function failOverOnce(failOver: () => Promise<unknown>) {
  let isDone = false
  afterEach(async () => {
    if (isDone) return
    isDone = true
    await failOver()
    await untilReady(queueClient())
  })
}
