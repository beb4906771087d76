import { afterEach, beforeAll, expect, test } from "bun:test"
import { jobNamed } from "../../worker/ledger/testing.ts"
import type { JobDefinition } from "../jobs/define.ts"
import { queueClient, queueOf } from "../queues.ts"
import { untilReady } from "../redis/connect.ts"
import { performanceOf } from "./performance.ts"
import { plantEnded } from "./testing.ts"

const job: JobDefinition = jobNamed("judged")
const MINUTE = 60_000
const now = Date.now()
const ago = (minutes: number) => now - minutes * MINUTE

beforeAll(() => untilReady(queueClient()))
afterEach(() => queueOf(job).obliterate({ force: true }))

test("of a queue that has done nothing there is nothing to tell", async () => {
  expect(await performanceOf(job, now)).toEqual({
    avgProcessingTime: 0,
    successRate: 0,
    throughput: 0,
    recentJobs: 0,
  })
})

test("a queue is judged by how long its runs take, how many complete, and how many end in an hour", async () => {
  await plantEnded(job, [
    { state: "completed", at: ago(1), took: 100 },
    { state: "completed", at: ago(2), took: 200 },
    { state: "completed", at: ago(90), took: 600 },
    { state: "failed", at: ago(3), took: 5_000 },
  ])
  expect(await performanceOf(job, now)).toEqual({
    avgProcessingTime: 300,
    successRate: 75,
    throughput: 0.05,
    recentJobs: 3,
  })
})

test("failures of long ago do not weigh as much as the many runs that completed since", async () => {
  const completed = Array.from({ length: 400 }, (_, index) => ({
    state: "completed" as const,
    at: ago(1) - index * 100,
  }))
  const failed = Array.from({ length: 100 }, (_, index) => ({
    state: "failed" as const,
    at: ago(index < 2 ? 1 : 3_000),
  }))
  await plantEnded(job, [...completed, ...failed])
  expect((await performanceOf(job, now)).successRate).toBe(98)
})

test("of a busy queue, of whose hour Redis has dropped most, the rate is that of what it holds", async () => {
  const runs = Array.from({ length: 1_000 }, (_, index) => ({
    state: "completed" as const,
    at: ago(2) + index * 120,
  }))
  await plantEnded(job, runs)
  expect(await performanceOf(job, now)).toMatchObject({ throughput: 500, recentJobs: 1_000 })
})
