import { afterEach, expect, test } from "bun:test"
import { freePort } from "../sandbox/ports.ts"
import { withRedisAt } from "../sandbox/testing.ts"
import { enqueued } from "../worker/testing.ts"
import type { QueuedRun } from "./enqueue.ts"
import { enqueueMany } from "./enqueue-many.ts"
import { email } from "./jobs/email.ts"
import { queueOf } from "./queues.ts"

const mail = (to: string) => ({ data: { to, template: "welcome", data: { userName: "Ana" } } as const })

afterEach(() => queueOf(email).obliterate({ force: true }))

test("many runs are asked for at once, in their order, each with its own options", async () => {
  const asked = await enqueueMany(email, [
    { ...mail("a@example.com"), options: { priority: "low" } },
    { ...mail("b@example.com"), options: { priority: "high" } },
  ])
  expect(asked.map(({ status }) => status)).toEqual(["enqueued", "enqueued"])
  const queued = await enqueued("email")
  expect(queued.map(({ id, payload }) => [id, payload.to[0]])).toEqual([
    [asked[1]!.id, "b@example.com"],
    [asked[0]!.id, "a@example.com"],
  ])
  expect(await enqueueMany(email, [])).toEqual([])
})

test("none is asked for when one is not right, and each that is not is named", async () => {
  const entries = [
    mail("nobody"),
    mail("a@example.com"),
    { ...mail("b@example.com"), options: { delay: -1 } },
  ]
  const error = await enqueueMany(email, entries).catch((error) => error)
  expect(error.problems.map(({ path }: { path: string }) => path)).toEqual(["0.data.to", "2.options.delay"])
  expect(await enqueued("email")).toEqual([])
})

test("all go to the outbox together while Redis is away", async () => {
  const kept: QueuedRun[][] = []
  const outbox = { add: async (runs: QueuedRun[]) => void kept.push(runs) }
  const asked = await withRedisAt(`redis://127.0.0.1:${await freePort()}`, () =>
    enqueueMany(email, [mail("a@example.com"), mail("b@example.com")], { outbox }),
  )
  expect(asked.map(({ status }) => status)).toEqual(["accepted", "accepted"])
  expect(kept.map((runs) => runs.map(({ id }) => id))).toEqual([asked.map(({ id }) => id)])
})
