import { afterEach, beforeAll, expect, test } from "bun:test"
import { jobNamed } from "../../worker/ledger/testing.ts"
import type { JobDefinition } from "../jobs/define.ts"
import { queueClient, queueKey, queueOf } from "../queues.ts"
import { untilReady } from "../redis/connect.ts"
import { cleanRuns } from "./clean.ts"
import { plantEnded } from "./testing.ts"

const job: JobDefinition = jobNamed("cleaned")
const MINUTE = 60_000

beforeAll(() => untilReady(queueClient()))
afterEach(() => queueOf(job).obliterate({ force: true }))

const plant = (state: "completed" | "failed", minutesAgo: number, runs: number) =>
  plantEnded(
    job,
    Array.from({ length: runs }, () => ({ state, at: Date.now() - minutesAgo * MINUTE })),
  )
const held = (state: "completed" | "failed") => queueClient().zcard(queueKey(job.name, state))

test.each(["completed", "failed"] as const)(
  "runs that have %s longer ago are forgotten with all there is of them, the others stay",
  async (state) => {
    const other = state === "failed" ? "completed" : "failed"
    const old = await plant(state, 61, 1_234)
    await plant(state, 59, 7)
    await plant(other, 61, 3)
    expect(await cleanRuns(job, state, 60 * MINUTE)).toEqual({ count: 1_234, isMore: false })
    expect([await held(state), await held(other)]).toEqual([7, 3])
    expect(await queueClient().exists(...old.map((id) => queueKey(job.name, id)))).toBe(0)
    expect(await cleanRuns(job, state, 60 * MINUTE)).toEqual({ count: 0, isMore: false })
  },
)

test("when the time is up what is left is left for the next call", async () => {
  await plant("failed", 61, 1_200)
  expect(await cleanRuns(job, "failed", 0, { patience: 0 })).toEqual({ count: 500, isMore: true })
  expect(await cleanRuns(job, "failed", 0, { patience: 0 })).toEqual({ count: 500, isMore: true })
  expect(await cleanRuns(job, "failed", 0, { patience: 0 })).toEqual({ count: 200, isMore: false })
  expect(await held("failed")).toBe(0)
})
