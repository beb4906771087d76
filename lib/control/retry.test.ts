import { afterEach, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { findRecordedRun } from "../../db/runs.ts"
import { until } from "../../sandbox/until.ts"
import { createLedger, type Ledger } from "../../worker/ledger/ledger.ts"
import { jobNamed } from "../../worker/ledger/testing.ts"
import { startWorkers, type Workers } from "../../worker/workers.ts"
import { cancelRun } from "../cancel.ts"
import { enqueue } from "../enqueue.ts"
import { PermanentError } from "../errors.ts"
import type { JobDefinition } from "../jobs/define.ts"
import { queueOf } from "../queues.ts"
import { findRun } from "../runs.ts"
import { retryRun } from "./retry.ts"

const job: JobDefinition = jobNamed("retried")
let workers: Workers | undefined
let ledger: Ledger

afterEach(async () => {
  await stop()
  await queueOf(job).obliterate({ force: true })
})

function work(processor: (payload: { n: number }) => Promise<unknown>) {
  ledger = createLedger()
  workers = startWorkers([{ job, processor }], { observers: [ledger.observer] })
}

async function stop() {
  await workers?.stop(5)
  await ledger?.close(5_000)
  workers?.disconnect()
  workers = undefined
}

const ask = async () => (await enqueue(job, { n: 1 }, { attempts: 1 })).id
const becomes = (id: string, status: string) =>
  until(async () => (await findRun(job, id))?.status === status, 10_000)
const recorded = async (id: string) => {
  const run = await findRecordedRun(job.name, id, pool())
  return run && { status: run.status, attempts: run.attemptsMade }
}

test("a run that has failed is tried once more, and the ledger tells how that ended", async () => {
  let isWell = false
  work(async ({ n }) => {
    if (!isWell) throw new Error("not yet")
    return { n }
  })
  const id = await ask()
  expect(await becomes(id, "failed")).toBe(true)
  expect(await until(async () => (await recorded(id))?.status === "failed", 5_000)).toBe(true)

  expect(await retryRun(job, id)).toBe("retried")
  expect(await until(async () => (await recorded(id))?.attempts === 2, 5_000)).toBe(true)
  expect(await recorded(id)).toEqual({ status: "failed", attempts: 2 })

  isWell = true
  expect(await retryRun(job, id)).toBe("retried")
  expect(await becomes(id, "completed")).toBe(true)
  expect(await until(async () => (await recorded(id))?.status === "completed", 5_000)).toBe(true)
  expect((await findRun(job, id))?.failedReason).toBeNull()
})

test("a cancelled one too, without being cancelled again", async () => {
  const id = await ask()
  expect(await cancelRun(job, id, { actor: "ana" })).toBe("cancelled")
  expect(await retryRun(job, id)).toBe("retried")
  expect((await findRun(job, id))?.failedReason).toBeNull()
  work(async ({ n }) => ({ n }))
  expect(await becomes(id, "completed")).toBe(true)
})

test("retried by two at once it is retried once, and the other is told what it is now", async () => {
  work(async () => {
    throw new PermanentError("never")
  })
  const id = await ask()
  expect(await becomes(id, "failed")).toBe(true)
  await stop()
  const answers = await Promise.all([retryRun(job, id), retryRun(job, id)])
  expect(answers.sort()).toEqual(["retried", "waiting"])
  expect(await queueOf(job).getJobCounts("prioritized", "failed")).toEqual({ prioritized: 1, failed: 0 })
})

test("one that has not failed is told as it is, and one that is none as nothing", async () => {
  const id = await ask()
  expect(await retryRun(job, id)).toBe("waiting")
  const later = (await enqueue(job, { n: 1 }, { delay: 60_000 })).id
  expect(await retryRun(job, later)).toBe("delayed")
  work(async ({ n }) => ({ n }))
  expect(await becomes(id, "completed")).toBe(true)
  expect(await retryRun(job, id)).toBe("completed")
  for (const none of [crypto.randomUUID(), "meta", ""]) expect(await retryRun(job, none)).toBeUndefined()
})
