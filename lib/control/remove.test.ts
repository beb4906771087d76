import { afterEach, expect, test } from "bun:test"
import { until } from "../../sandbox/until.ts"
import { jobNamed } from "../../worker/ledger/testing.ts"
import { startWorkers } from "../../worker/workers.ts"
import { enqueue } from "../enqueue.ts"
import type { JobDefinition } from "../jobs/define.ts"
import { queueClient, queueKey, queueOf } from "../queues.ts"
import { findRun } from "../runs.ts"
import { removeRun } from "./remove.ts"

const job: JobDefinition = jobNamed("removed")

afterEach(() => queueOf(job).obliterate({ force: true }))

test.each([
  ["that waits", {}],
  ["that is delayed", { delay: 60_000 }],
])("a run %s is taken out with all that Redis holds of it", async (_, options) => {
  const { id } = await enqueue(job, { n: 1 }, options)
  await queueOf(job).addJobLog(id, "a line", 10)
  expect(await removeRun(job, id)).toBe("removed")
  expect(await findRun(job, id)).toBeUndefined()
  expect(await queueClient().exists(queueKey(job.name, id), queueKey(job.name, `${id}:logs`))).toBe(0)
  expect(await removeRun(job, id)).toBeUndefined()
})

test("one that a worker is at stays, and can be taken out once it has ended", async () => {
  const { promise, resolve } = Promise.withResolvers<{ n: number }>()
  const workers = startWorkers([{ job, processor: () => promise }])
  const { id } = await enqueue(job, { n: 1 })
  const is = (status: string) => until(async () => (await findRun(job, id))?.status === status, 10_000)
  expect(await is("active")).toBe(true)
  expect(await removeRun(job, id)).toBe("active")
  resolve({ n: 1 })
  expect(await is("completed")).toBe(true)
  expect(await removeRun(job, id)).toBe("removed")
  await workers.stop(5)
  workers.disconnect()
})

test("other keys of the queue are no runs, and stay", async () => {
  await queueOf(job).pause()
  for (const none of ["meta", "events", "", crypto.randomUUID()])
    expect(await removeRun(job, none)).toBeUndefined()
  expect(await queueOf(job).isPaused()).toBe(true)
})
