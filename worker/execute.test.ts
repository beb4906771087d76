import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { z } from "zod"
import { enqueue } from "../lib/enqueue.ts"
import { PermanentError, RetryLater } from "../lib/errors.ts"
import { defineJob } from "../lib/jobs/define.ts"
import { KEPT, queueClient, queueKey, queueOf } from "../lib/queues.ts"
import { connectRedis, type RedisClient } from "../lib/redis/connect.ts"
import { findRun } from "../lib/runs.ts"
import { askMasters } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import type { QueueWorker } from "./queue-worker.ts"
import type { Run } from "./run.ts"
import { startWorker } from "./start.ts"
import { createTroubles } from "./troubles.ts"

const job = defineJob({
  name: "try-out",
  summary: "Do what the test says",
  payload: z.object({ word: z.string() }),
  result: z.unknown(),
  example: { word: "go" },
  concurrency: 2,
  backoff: { type: "fixed", delay: 20 },
})

let connection: RedisClient
let worker: QueueWorker | undefined
let stopping: boolean
let troubles: ReturnType<typeof createTroubles>

beforeEach(() => {
  connection = connectRedis("worker")
  stopping = false
  troubles = createTroubles()
})

afterEach(async () => {
  await worker?.close(true)
  worker = undefined
  connection.disconnect()
  await queueOf(job).obliterate({ force: true })
})

function work(processor: (payload: { word: string }, run: Run) => Promise<unknown>) {
  worker = startWorker(job, processor, {
    connection,
    observers: [],
    troubles,
    isStopping: () => stopping,
  })
}

async function ended(id: string) {
  await until(async () => (await findRun(job, id))?.finishedOn != null, 20_000)
  return (await findRun(job, id))!
}

const ask = async (options = {}) => (await enqueue(job, { word: "go" }, options)).id

describe("a run", () => {
  test("completes with what its processor returns", async () => {
    work(async ({ word }, run) => ({ word, attempt: run.attempt, aborted: run.signal.aborted }))
    const id = await ask()
    expect(await ended(id)).toMatchObject({
      jobId: id,
      queue: "try-out",
      status: "completed",
      returnValue: { word: "go", attempt: 1, aborted: false },
      failedReason: null,
      attemptsMade: 1,
      progress: { percentage: 100, stage: "completed", message: "" },
    })
  })

  test("is tried again when its processor throws, and fails at its last attempt", async () => {
    const attempts: number[] = []
    work(async (_, run) => {
      attempts.push(run.attempt)
      throw new Error("no luck")
    })
    expect(await ended(await ask())).toMatchObject({
      status: "failed",
      failedReason: "no luck",
      attemptsMade: 3,
    })
    expect(attempts).toEqual([1, 2, 3])
  })

  test("fails at once for a PermanentError", async () => {
    work(async () => {
      throw new PermanentError("never")
    })
    expect(await ended(await ask())).toMatchObject({
      status: "failed",
      failedReason: "never",
      attemptsMade: 1,
    })
  })

  test("is postponed by RetryLater without an attempt burnt", async () => {
    const attempts: number[] = []
    work(async (_, run) => {
      attempts.push(run.attempt)
      if (attempts.length <= 3) throw new RetryLater(10)
      return "at last"
    })
    expect(await ended(await ask({ attempts: 1 }))).toMatchObject({ status: "completed", attemptsMade: 1 })
    expect(attempts).toEqual([1, 1, 1, 1])
  })

  test("cannot be postponed for more than a day", async () => {
    work(async () => {
      throw new RetryLater(25 * 3_600_000, "busy")
    })
    expect(await ended(await ask())).toMatchObject({
      status: "failed",
      failedReason: "Postponed for more than a day: busy",
      attemptsMade: 1,
    })
  })

  test("is put off by its own clock, however long it had waited for its turn", async () => {
    const attempts: number[] = []
    work(async (_, run) => {
      attempts.push(run.attempt)
      if (attempts.length === 1) throw new RetryLater(10)
      return "done"
    })
    const long = { jobId: crypto.randomUUID(), timestamp: Date.now() - 30 * 3_600_000 }
    const { id } = await queueOf(job).add("old", { word: "go" }, long)
    expect(await ended(id!)).toMatchObject({ status: "completed", returnValue: "done" })
  })

  test("fails for good though the worker is stopping, when trying again cannot help", async () => {
    work(async () => {
      stopping = true
      throw new PermanentError("never")
    })
    expect(await ended(await ask())).toMatchObject({ status: "failed", failedReason: "never" })
  })

  test("waits for a database that is away with its attempts whole", async () => {
    const attempts: number[] = []
    work(async (_, run) => {
      attempts.push(run.attempt)
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })
    })
    const id = await ask({ attempts: 1 })
    expect(await until(async () => (await findRun(job, id))?.status === "delayed", 5_000)).toBe(true)
    expect(await findRun(job, id)).toMatchObject({ attemptsMade: 0, failedReason: null })
  })

  test("fails at once when its payload no longer fits the code, without being done", async () => {
    let done = false
    work(async () => {
      done = true
    })
    const { id } = await queueOf(job).add(
      "old",
      { words: ["go"] },
      { attempts: 3, jobId: crypto.randomUUID() },
    )
    expect(await ended(id!)).toMatchObject({
      status: "failed",
      failedReason: expect.stringMatching(/^Bad payload for try-out: word: /),
      attemptsMade: 1,
    })
    expect(done).toBe(false)
  })

  test("shows its progress while it is active, held within 0 and 100, and its log", async () => {
    const gate = Promise.withResolvers<void>()
    work(async (_, run) => {
      run.progress({ percentage: 140, stage: "sending", message: "Nearly there" })
      run.log("Wrote to ana@example.com")
      await gate.promise
    })
    const id = await ask()
    const progress = async () => (await findRun(job, id))?.progress
    expect(await until(async () => (await progress())?.stage === "sending", 5_000)).toBe(true)
    expect(await findRun(job, id)).toMatchObject({
      status: "active",
      progress: { percentage: 100, stage: "sending", message: "Nearly there" },
    })
    gate.resolve()
    await ended(id)
    const { logs } = await queueOf(job).getJobLogs(id)
    expect(logs).toEqual([expect.stringMatching(/^\d{4}-.+Z Wrote to a\*\*\*@example\.com$/)])
  })

  test("has said its last word when it has ended, however fast it spoke", async () => {
    work(async (_, run) => {
      for (let percentage = 0; percentage <= 70; percentage++)
        run.progress({ percentage, stage: "counting", message: "" })
    })
    expect((await ended(await ask())).progress).toEqual({ percentage: 70, stage: "counting", message: "" })
  })

  test("gets a signal that is aborted when it is cancelled", async () => {
    const heard = Promise.withResolvers<unknown>()
    const begun = Promise.withResolvers<void>()
    work(async (_, run) => {
      run.signal.addEventListener("abort", () => heard.resolve(run.signal.aborted))
      begun.resolve()
      await heard.promise
    })
    const id = await ask()
    await begun.promise
    worker!.stopRuns(new Error("not wanted"), id)
    expect(await heard.promise).toBe(true)
  })
})

test("a worker that stops hands back what does not end, with no attempt burnt, for the next one to do", async () => {
  const begun = Promise.withResolvers<void>()
  work(async (_, run) => {
    begun.resolve()
    await new Promise((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason)))
  })
  const id = await ask()
  await begun.promise
  const closed = worker!.close()
  stopping = true
  worker!.stopRuns(new Error("the worker is stopping"))
  await closed
  expect(await findRun(job, id)).toMatchObject({ status: "waiting", attemptsMade: 0 })

  stopping = false
  work(async (_, run) => run.attempt)
  expect(await ended(id)).toMatchObject({ status: "completed", returnValue: 1, attemptsMade: 1 })
})

test("what a worker hands back is taken at once by another that was idle", async () => {
  const begun = Promise.withResolvers<void>()
  work(async (_, run) => {
    begun.resolve()
    await new Promise((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason)))
  })
  const first = worker!
  const id = await ask()
  await begun.promise
  work(async (_, run) => run.attempt)
  const idle = worker!
  expect(await until(() => idle.isRunning(), 5_000)).toBe(true)
  const clients = () => askMasters((redis) => redis.client("LIST"))
  const bothWait = async () => String(await clients()).match(/cmd=bzpopmin/g)?.length === 2
  expect(await until(bothWait, 5_000)).toBe(true)
  const closed = first.close()
  stopping = true
  first.stopRuns(new Error("the worker is stopping"))
  await closed
  stopping = false
  expect(await until(async () => (await findRun(job, id))?.status === "completed", 5_000)).toBe(true)
})

test("a run that begins when the worker has stopped is handed back, not begun", async () => {
  let begun = false
  stopping = true
  work(async () => {
    begun = true
  })
  const id = await ask()
  const isBack = async () => {
    const queued = await queueOf(job).getJob(id)
    return (queued?.attemptsStarted ?? 0) > 0 && (await queued!.getState()) === "prioritized"
  }
  expect(await until(isBack, 5_000)).toBe(true)
  await worker!.close()
  expect(begun).toBe(false)
})

test("a run whose lock is lost hears of it, and its queue has no trouble", async () => {
  const before = process.env.LOCK_DURATION
  process.env.LOCK_DURATION = "1000"
  const begun = Promise.withResolvers<void>()
  const heard = Promise.withResolvers<Error>()
  work(async (_, run) => {
    run.signal.addEventListener("abort", () => heard.resolve(run.signal.reason))
    begun.resolve()
    throw await heard.promise
  })
  const id = await ask()
  await begun.promise
  await queueClient().del(`${queueKey(job.name, id)}:lock`)
  expect((await heard.promise).message).toBe("the lock of the run is lost")
  expect(troubles.of(job.name)).toBeUndefined()
  if (before === undefined) delete process.env.LOCK_DURATION
  else process.env.LOCK_DURATION = before
})

test("of the runs that have completed Redis keeps the latest thousand, and a few until the next look", async () => {
  const runs = Array.from({ length: KEPT.completed.count + 200 }, (_, n) => ({
    name: job.name,
    data: { word: "go" },
    opts: { jobId: crypto.randomUUID(), priority: 5, timestamp: n },
  }))
  await queueOf(job).addBulk(runs)
  work(async () => null)
  const left = () => queueOf(job).getJobCountByTypes("prioritized", "active")
  expect(await until(async () => (await left()) === 0, 20_000)).toBe(true)
  const kept = await queueOf(job).getCompletedCount()
  expect(kept).toBeGreaterThanOrEqual(KEPT.completed.count)
  expect(kept).toBeLessThan(KEPT.completed.count + 100)
})

test("an old run is dropped when the next one completes, on a queue that has few", async () => {
  work(async () => null)
  const first = await ask()
  await ended(first)
  const old = Date.now() - (KEPT.completed.age + 60) * 1_000
  await queueClient().zadd(queueKey(job.name, "completed"), old, first)
  const isGone = async () => {
    await ended(await ask())
    return (await findRun(job, first)) === undefined
  }
  expect(await until(isGone, 10_000)).toBe(true)
})
