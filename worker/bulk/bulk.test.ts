import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { previewBulk as preview, startBulk as start } from "../../db/bulk.ts"
import { abortOperation, findOperation } from "../../db/bulk-operations.ts"
import { listBulkRuns } from "../../db/bulk-runs.ts"
import { pool } from "../../db/pool.ts"
import { cancelRun } from "../../lib/cancel.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { prefixOf, queueClient, queueKey, queueOf } from "../../lib/queues.ts"
import { connectRedis, type RedisClient } from "../../lib/redis/connect.ts"
import { findRun } from "../../lib/runs.ts"
import { until } from "../../sandbox/until.ts"
import { createLedger, type Ledger } from "../ledger/ledger.ts"
import { sweep } from "../ledger/sweep.ts"
import { jobNamed } from "../ledger/testing.ts"
import type { Run } from "../run.ts"
import { startWorkers, type Workers } from "../workers.ts"
import { keepBulk } from "./bulk.ts"
import { ended, failedRuns, retries } from "./testing.ts"

const job = { ...jobNamed("bulked"), attempts: 1 }
const other = jobNamed("not-bulked")
const jobs = [job, other]
let connection: RedisClient
let keepers: ReturnType<typeof keepBulk>[] = []
let workers: Workers | undefined
let ledger: Ledger | undefined

beforeEach(async () => {
  connection = connectRedis("worker")
  await pool()`truncate runs, run_events, ledger_watermarks, bulk_operations, bulk_runs`
})

afterEach(async () => {
  await Promise.all(keepers.map((keeper) => keeper.stop()))
  keepers = []
  await workers?.stop(0)
  workers?.disconnect()
  workers = undefined
  await ledger?.close(5_000)
  ledger = undefined
  for (const each of jobs) await queueOf(each).obliterate({ force: true })
  connection.disconnect()
})

const keep = () => {
  const keeper = keepBulk({ connection, jobs })
  keepers.push(keeper)
  return keeper
}
const startBulk = async (...[filter, action, actor, options]: Parameters<typeof start>) => {
  const started = await start(filter, action, actor, { ...options, jobs })
  for (const keeper of keepers) keeper.wake()
  return started
}
const previewBulk = (...[filter, action]: Parameters<typeof preview>) => preview(filter, action, { jobs })
const work = (processor: (payload: { n: number }, run: Run) => Promise<unknown>) => {
  ledger = createLedger()
  ledger.startSweeping([job], connection)
  workers = startWorkers([{ job, processor }], { observers: [ledger.observer], onRemoved: ledger.sweepSoon })
}
const outcomes = async (id: number) => {
  const runs = await listBulkRuns(id, { limit: 10_000 })
  return new Map(runs.map(({ runId, outcome }) => [runId, outcome]))
}
const stateOf = (id: string) => queueOf(job).getJobState(id)
const ask = async (n: number, options = {}) => (await enqueue(job, { n }, options)).id
const failed = { queue: job.name, status: "failed" } as const

describe("to retry", () => {
  test("touches every run once, though what it retries fails again and more fail meanwhile", async () => {
    const tries = new Map<string, number>()
    const ids = await failedRuns(job.name, 1_200)
    work(async (_, run) => {
      tries.set(run.id, (tries.get(run.id) ?? 0) + 1)
      throw new Error("no luck again")
    })
    const { id } = await startBulk(failed, "retry", "ana", { perSecond: 10_000 })
    const late = await failedRuns(job.name, 50, { finishedOn: Date.now() + 1 })
    keep()
    expect(await ended(id)).toMatchObject({
      status: "completed",
      startedBy: "ana",
      matched: 1_200,
      outcomes: { retried: 1_200 },
      error: null,
    })
    expect(await until(() => tries.size === ids.length, 30_000)).toBe(true)
    expect([...tries.values()].every((times) => times === 1)).toBe(true)
    expect([...tries.keys()].sort()).toEqual(ids.toSorted())
    expect((await outcomes(id)).size).toBe(ids.length)
    for (const run of late) expect(await stateOf(run)).toBe("failed")
  })

  test("puts a run where BullMQ would, with its priority, and its attempts counted on", async () => {
    const [id] = await failedRuns(job.name, 1)
    keep()
    await ended((await startBulk(failed, "retry", "ana")).id)
    expect(await stateOf(id!)).toBe("prioritized")
    const run = (await queueOf(job).getJob(id!))!
    expect([run.attemptsMade, run.failedReason, run.finishedOn, run.processedOn]).toEqual([
      1,
      undefined,
      undefined,
      undefined,
    ] as never)
    expect(await queueClient().zscore(queueKey(job.name, "marker"), "0")).toBe("0")
  })

  test("tells of runs that Redis has forgotten, and of those that stand elsewhere by now", async () => {
    const [gone, waiting, cancelled, still] = await failedRuns(job.name, 4)
    await sweep(job, connection, pool(), Date.now())
    await queueOf(job).remove(gone!)
    await (await queueOf(job).getJob(waiting!))!.retry()
    await (await queueOf(job).getJob(cancelled!))!.retry()
    await cancelRun(job, cancelled!, { actor: "eva" })
    expect(await previewBulk(failed, "retry")).toMatchObject({ matched: 4, exact: true })
    const { id, matched } = await startBulk(failed, "retry", "ana")
    expect(matched).toBe(4)
    keep()
    // The preparation tells the ledger of the one that was cancelled.
    expect((await ended(id)).outcomes).toEqual({ gone: 1, skipped: 1, retried: 1 })
    expect(Object.fromEntries(await outcomes(id))).toEqual({
      [gone!]: "gone",
      [waiting!]: "skipped",
      [still!]: "retried",
    })
  })

  test("takes runs that were cancelled when they are what is meant, and they are not cancelled again", async () => {
    const begun = Promise.withResolvers<void>()
    let cancelled = false
    work(async ({ n }, run) => {
      begun.resolve()
      if (!cancelled)
        await new Promise((_, reject) =>
          run.signal.addEventListener("abort", () => reject(run.signal.reason)),
        )
      return { n }
    })
    const run = await ask(1)
    await begun.promise
    expect(await cancelRun(job, run, { actor: "eva" })).toBe("cancelled")
    cancelled = true
    keep()
    const { id } = await startBulk({ queue: job.name, status: "cancelled" }, "retry", "ana")
    expect((await ended(id)).outcomes).toEqual({ retried: 1 })
    expect(await until(async () => (await findRun(job, run))?.status === "completed", 10_000)).toBe(true)
  })

  test("goes by everything that the filter says", async () => {
    const [one] = await failedRuns(job.name, 1, { data: { n: 7 }, reason: "Timed out at the bank" })
    await failedRuns(job.name, 3, { data: { n: 7 }, reason: "no luck" })
    await failedRuns(job.name, 3, { data: { n: 8 }, reason: "Timed out at the bank" })
    await failedRuns(other.name, 3, { data: { n: 7 }, reason: "Timed out at the bank" })
    keep()
    const filter = {
      ...failed,
      name: job.name,
      error: "AT THE BANK",
      data: { n: "7" },
      from: new Date(0),
      to: new Date(),
    }
    const { id } = await startBulk(filter, "retry", "ana")
    await ended(id)
    expect([...(await outcomes(id))]).toEqual([[one!, "retried"]])
    expect((await findOperation(id))?.filter).toEqual(filter)
  })

  test("is not for runs that have not failed, nor for all there are", async () => {
    await expect(startBulk({}, "retry", "ana")).rejects.toThrow("say which runs are meant")
    await expect(startBulk({ queue: undefined } as never, "retry", "ana")).rejects.toThrow(
      "say which runs are meant",
    )
    await expect(startBulk({ status: "waiting" }, "retry", "ana")).rejects.toThrow(
      "retry is not for runs that are waiting",
    )
    await expect(previewBulk({ status: "active" }, "remove")).rejects.toThrow(
      "remove is not for runs that are active",
    )
  })

  test("keeps to its pace, whoever is at it", async () => {
    await failedRuns(job.name, 300)
    for (let count = 0; count < 3; count++) keep()
    const { id } = await startBulk(failed, "retry", "ana", { perSecond: 100 })
    expect(await until(async () => ((await findOperation(id))?.outcomes.retried ?? 0) > 0, 10_000)).toBe(true)
    const began = performance.now()
    await ended(id)
    expect(performance.now() - began).toBeGreaterThan(1_800)
  })
})

describe("to cancel", () => {
  test("ends runs wherever they stand, and says by whom and why", async () => {
    const begun = Promise.withResolvers<void>()
    work(async (_, run) => {
      begun.resolve()
      await new Promise((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason)))
    })
    const active = await ask(1)
    await begun.promise
    await queueOf(job).pause()
    const waiting = await Promise.all(Array.from({ length: 30 }, (_, n) => ask(n)))
    const delayed = await Promise.all(Array.from({ length: 30 }, (_, n) => ask(n, { delay: 60_000 })))
    expect(await previewBulk({ queue: job.name }, "cancel")).toMatchObject({ matched: 61, exact: true })
    const { id } = await startBulk({ queue: job.name }, "cancel", "ana", { reason: "sent twice" })
    const after = await ask(99, { delay: 60_000 })
    keep()
    expect((await ended(id)).outcomes).toEqual({ cancelled: 61 })
    for (const run of [active, ...waiting, ...delayed])
      expect(await findRun(job, run)).toMatchObject({
        status: "cancelled",
        failedReason: "Cancelled by ana: sent twice",
      })
    expect((await findRun(job, after))?.status).toBe("delayed")
    const recorded = async () => (await pool()`select from runs where status = 'cancelled'`).length
    expect(await until(async () => (await recorded()) === 61, 10_000)).toBe(true)
    await queueOf(job).resume()
  })

  test("takes none that stands elsewhere than the filter says", async () => {
    await queueOf(job).pause()
    const waiting = await ask(1)
    const delayed = await ask(1, { delay: 60_000 })
    keep()
    const { id } = await startBulk({ queue: job.name, status: "delayed" }, "cancel", "ana")
    expect((await ended(id)).outcomes).toEqual({ cancelled: 1 })
    expect((await findRun(job, delayed))?.status).toBe("cancelled")
    expect((await findRun(job, waiting))?.status).toBe("waiting")
    await queueOf(job).resume()
  })
})

describe("to remove", () => {
  test("removes what has ended and what waits, and nothing that is active", async () => {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const [broken] = await failedRuns(job.name, 1)
    work(async ({ n }) => {
      begun.resolve()
      await release.promise
      return { n }
    })
    const active = await ask(1)
    await begun.promise
    const delayed = await ask(1, { delay: 60_000 })
    keep()
    const { id } = await startBulk({ queue: job.name }, "remove", "ana")
    expect((await ended(id)).outcomes).toEqual({ removed: 2 })
    expect([await stateOf(broken!), await stateOf(delayed), await stateOf(active)]).toEqual([
      "unknown",
      "unknown",
      "active",
    ])
    release.resolve()
    expect(await until(async () => (await stateOf(active)) === "completed", 10_000)).toBe(true)
    expect((await findOperation(id))?.status).toBe("completed")
  })

  test("leaves a run that has been retried since", async () => {
    const [run] = await failedRuns(job.name, 1)
    await sweep(job, connection, pool(), Date.now())
    await (await queueOf(job).getJob(run!))!.retry()
    keep()
    const { id } = await startBulk(failed, "remove", "ana")
    expect((await ended(id)).outcomes).toEqual({ skipped: 1 })
    expect(await stateOf(run!)).toBe("prioritized")
  })
})

test("an operation that is aborted ends before its next batch, and says who did it; what is done stays", async () => {
  await failedRuns(job.name, 600)
  keep()
  const { id } = await startBulk(failed, "retry", "ana", { perSecond: 200 })
  expect(await until(async () => ((await findOperation(id))?.outcomes.retried ?? 0) > 0, 10_000)).toBe(true)
  await abortOperation(id, "eva")
  await abortOperation(id, "too late")
  const operation = await ended(id)
  expect(operation).toMatchObject({ status: "aborted", abortedBy: "eva", matched: 600 })
  const touched = operation.outcomes.retried!
  expect(touched).toBeLessThan(600)
  expect((await retries(job.name)).size).toBe(touched)
  expect([...(await outcomes(id)).values()].filter((outcome) => outcome === null)).toHaveLength(600 - touched)
  expect(await queueOf(job).getFailedCount()).toBe(600 - touched)
})

test("an operation is done by any number of workers at once, each run once", async () => {
  const ids = await failedRuns(job.name, 2_000)
  for (let count = 0; count < 4; count++) keep()
  const started = await Promise.all(
    ["ana", "eva"].map((actor) => startBulk(failed, "retry", actor, { perSecond: 10_000 })),
  )
  const total = { retried: 0, skipped: 0 }
  for (const { id } of started) {
    const { outcomes, matched } = await ended(id)
    expect(matched).toBe(2_000)
    total.retried += outcomes.retried ?? 0
    total.skipped += outcomes.skipped ?? 0
  }
  // Two operations for the same runs: what one has retried waits by the time the other comes to it.
  expect(total).toEqual({ retried: 2_000, skipped: 2_000 })
  const counts = await retries(job.name)
  expect([...counts.keys()].sort()).toEqual(ids.toSorted())
  expect([...counts.values()].every((times) => times === 1)).toBe(true)
})

test("a worker that was left behind in the middle of a step does none of it again, nor the next one's", async () => {
  const { actOn } = await import("./act.ts")
  const ids = await failedRuns(job.name, 3)
  const runs = ids.map((runId) => ({ runId, queue: job.name }))
  const { id } = await startBulk(failed, "retry", "ana")
  const operation = (await findOperation(id))!
  const failAgain = async (runId: string) => {
    await queueClient().zrem(queueKey(job.name, "prioritized"), runId)
    await queueClient().zadd(queueKey(job.name, "failed"), Date.now(), runId)
  }
  expect(await actOn(operation, runs.slice(0, 2))).toEqual(
    ids.slice(0, 2).map((runId) => ({ runId, outcome: "retried" })),
  )
  await failAgain(ids[0]!)
  expect(await actOn(operation, runs.slice(0, 2))).toEqual(
    ids.slice(0, 2).map((runId) => ({ runId, outcome: "retried" })),
  )
  expect(await stateOf(ids[0]!)).toBe("failed")
  await actOn({ ...operation, step: 1 }, runs.slice(2))
  await expect(actOn(operation, runs)).rejects.toThrow("the step is over")
  expect(await stateOf(ids[0]!)).toBe("failed")
})

test("an operation that cannot go on says why, and has failed in the end; others go on meanwhile", async () => {
  await failedRuns(job.name, 1)
  await failedRuns(other.name, 1)
  const broken = await startBulk({ queue: other.name, status: "failed" }, "retry", "ana")
  // What is no hash where the operation keeps what it has done.
  const key = `${prefixOf(other.name)}:bulk:${(await findOperation(broken.id))!.token}`
  await queueClient().set(key, "in the way")
  keep()
  const { id } = await startBulk(failed, "retry", "ana")
  expect((await ended(id)).outcomes).toEqual({ retried: 1 })
  expect(await until(async () => (await findOperation(broken.id))?.error !== null, 10_000)).toBe(true)
  expect((await findOperation(broken.id))?.error).toContain("WRONGTYPE")
  await pool()`update bulk_operations set failures = 4, due_at = now() where id = ${broken.id}`
  keepers[0]!.wake()
  expect(await ended(broken.id)).toMatchObject({ status: "failed", outcomes: {} })
  await queueClient().del(key)
})
