import { afterEach } from "bun:test"
import { queueClient } from "../../lib/queues.ts"
import { untilReady } from "../../lib/redis/connect.ts"
import type { Arranged } from "./arrangement.ts"
import { isRedisAt } from "./environment.ts"

/** Have the master changed in the middle of a file of tests: after its first. */
export function failOverOnce({ failOver, environment }: Arranged) {
  if (!failOver) return
  let isDone = false
  afterEach(async () => {
    if (isDone) return
    isDone = true
    await failOver()
    // What a file has brought itself may be gone by now.
    if (isRedisAt(environment)) await untilReady(queueClient())
  })
}
