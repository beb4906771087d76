import { afterEach, beforeAll, expect, test } from "bun:test"
import { jobNamed } from "../../worker/ledger/testing.ts"
import { cancelRun } from "../cancel.ts"
import { enqueue } from "../enqueue.ts"
import type { JobDefinition } from "../jobs/define.ts"
import { queueClient, queueOf } from "../queues.ts"
import { untilReady } from "../redis/connect.ts"
import { countFailed } from "./failed-count.ts"
import { plantEnded } from "./testing.ts"

const job: JobDefinition = jobNamed("counted")

beforeAll(() => untilReady(queueClient()))
afterEach(() => queueOf(job).obliterate({ force: true }))

const fail = (runs: number) =>
  plantEnded(
    job,
    Array.from({ length: runs }, () => ({ state: "failed" as const, at: Date.now() })),
  )

test("cancelled runs are told from those that failed, unless they are too many to look at", async () => {
  expect(await countFailed(job)).toBe(0)
  const { id } = await enqueue(job, { n: 1 })
  await cancelRun(job, id, { actor: "ana" })
  expect(await countFailed(job)).toBe(0)
  await fail(999)
  expect(await countFailed(job)).toBe(999)
  await fail(1)
  expect(await countFailed(job)).toBe(1_001)
})
