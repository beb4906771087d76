import { afterAll, beforeAll, expect, test } from "bun:test"
import { moveToCluster } from "../../sandbox/testing.ts"
import { jobNamed } from "../../worker/ledger/testing.ts"
import { enqueue } from "../enqueue.ts"
import type { JobDefinition } from "../jobs/define.ts"
import { livingWorkers, sayAlive } from "../living-workers.ts"
import { queueClient, queueOf } from "../queues.ts"
import { cleanRuns } from "./clean.ts"
import { countRuns } from "./counts.ts"
import { endedPage, type Source } from "./ended-page.ts"
import { countFailed } from "./failed-count.ts"
import { performanceOf } from "./performance.ts"
import { firstIds, readRuns } from "./read-runs.ts"
import { removeRun } from "./remove.ts"
import { retryRun } from "./retry.ts"
import { plantEnded } from "./testing.ts"

/** Of different slots, on different masters. */
const jobs: JobDefinition[] = ["anchor", "buoy", "cable", "dock"].map(jobNamed)

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToCluster()
})
afterAll(() => goBack())

test("on a cluster operators see and do the same as elsewhere", async () => {
  const now = Date.now()
  const planted = new Map<JobDefinition, string[]>()
  for (const [index, job] of jobs.entries())
    planted.set(
      job,
      await plantEnded(job, [
        { state: "failed", at: now - index },
        { state: "failed", at: now - 100 - index },
        { state: "completed", at: now - index },
      ]),
    )
  const sources = jobs.map((job): Source => ({ name: job.name, job, state: "failed" }))
  const first = await endedPage(sources, 5)
  const second = await endedPage(sources, 5, first.at(-1))
  expect([...first, ...second].map(({ source }) => source)).toEqual([
    ...jobs.map(({ name }) => name),
    ...jobs.map(({ name }) => name),
  ])

  for (const job of jobs) {
    const [failed, other] = planted.get(job)!
    expect(await countRuns(job)).toMatchObject({ failed: 2, completed: 1, waiting: 0, paused: false })
    expect(await countFailed(job)).toBe(2)
    expect(await firstIds(job, "failed", 10)).toEqual([failed!, other!])
    expect((await readRuns(job, "failed", [failed!])).map(({ jobId }) => jobId)).toEqual([failed!])
    expect(await performanceOf(job)).toMatchObject({ successRate: 33, recentJobs: 3 })
    expect(await retryRun(job, failed!)).toBe("retried")
    const { id } = await enqueue(job, { n: 1 })
    expect(await firstIds(job, "waiting", 10)).toEqual([failed!, id])
    expect(await removeRun(job, failed!)).toBe("removed")
    expect(await cleanRuns(job, "failed", 0, { now: now + 1_000 })).toEqual({ count: 1, isMore: false })
    await queueOf(job).pause()
    expect(await countRuns(job)).toMatchObject({ failed: 0, completed: 1, waiting: 1, paused: true })
  }

  await sayAlive(queueClient(), { id: "1", host: "a", queues: ["anchor"], startedAt: now }, true)
  expect(await livingWorkers(queueClient())).toMatchObject([{ id: "1", queues: ["anchor"] }])
})
