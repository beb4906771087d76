import { afterAll, beforeAll, expect, test } from "bun:test"
import { enqueue } from "../lib/enqueue.ts"
import { email } from "../lib/jobs/email.ts"
import { queueClient, queueKey, queueOf } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { until } from "../sandbox/until.ts"
import type { QueueWorker } from "./queue-worker.ts"
import { startWorkers } from "./workers.ts"

const mail = { to: "ana@example.com", template: "welcome" as const, data: { userName: "Ana" } }

let workers: ReturnType<typeof startWorkers>
let worker: QueueWorker
beforeAll(async () => {
  await untilReady(queueClient())
  workers = startWorkers([{ job: email, processor: async () => ({ sent: 1 }) }])
  worker = workers.workers[0]!
  await worker.waitUntilReady()
})
afterAll(async () => {
  await workers.stop(5)
  workers.disconnect()
  await queueOf(email).obliterate({ force: true })
})

const isWaiting = async () =>
  String(await queueClient().client("LIST")).includes("cmd=bzpopmin") &&
  (await queueClient().exists(queueKey("email", "marker"))) === 0
const hasLooked = (since: number) => until(() => worker.lookedAt > since, 10_000)

test("an idle worker that a delayed run has wait anew is known to have looked", async () => {
  expect(await until(isWaiting, 5_000)).toBe(true)
  const before = Date.now()
  await enqueue(email, mail, { delay: 600_000 })
  expect(await hasLooked(before)).toBe(true)
})

test("a worker whose waiting connection is opened anew asks for a run, and does not wait first", async () => {
  expect(await until(isWaiting, 5_000)).toBe(true)
  const before = Date.now()
  await worker.reopen()
  expect(await hasLooked(before)).toBe(true)
})
