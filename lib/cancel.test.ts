import { afterEach, describe, expect, test } from "bun:test"
import { z } from "zod"
import { askMasters } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import type { EndedTry } from "../worker/observer.ts"
import type { Run } from "../worker/run.ts"
import { startWorkers, type Workers } from "../worker/workers.ts"
import { cancelRun } from "./cancel.ts"
import { enqueue } from "./enqueue.ts"
import { defineJob } from "./jobs/define.ts"
import { queueClient, queueKey, queueOf } from "./queues.ts"
import { findRun } from "./runs.ts"

const job = defineJob({
  name: "try-cancel",
  summary: "Do what the test says",
  payload: z.object({ word: z.string() }),
  result: z.unknown(),
  example: { word: "go" },
  concurrency: 5,
  backoff: { type: "fixed", delay: 60_000 },
  timeout: 60_000,
})

let workers: Workers[] = []
let ends: EndedTry[] = []
let removed: string[] = []
let ignored = 0

function work(processor: (payload: { word: string }, run: Run) => Promise<unknown>, timeout?: number) {
  const own = timeout === undefined ? job : { ...job, timeout }
  const started = startWorkers([{ job: own, processor }], {
    observers: [{ ended: (end) => void ends.push(end), ignored: () => void ignored++ }],
    onRemoved: (queue) => void removed.push(queue),
  })
  workers.push(started)
  return started
}

afterEach(async () => {
  for (const each of workers) {
    await each.stop(0)
    each.disconnect()
  }
  workers = []
  ends = []
  removed = []
  ignored = 0
  await queueOf(job).obliterate({ force: true })
})

const ask = async (options = {}) => (await enqueue(job, { word: "go" }, options)).id
const by = { actor: "ana", reason: "no longer wanted" }
const ended = async (id: string) => {
  expect(await until(async () => (await findRun(job, id))?.finishedOn != null, 10_000)).toBe(true)
  return (await findRun(job, id))!
}
const untilAborted = (run: Run) =>
  new Promise((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason)))

describe("a run that is cancelled", () => {
  test.each([
    ["waits", {}],
    ["is delayed", { delay: 60_000 }],
  ])("while it %s ends at once, with actor and reason, and is never done", async (_, options) => {
    let done = false
    const id = await ask(options)
    expect(await cancelRun(job, id, by)).toBe("cancelled")
    expect(await findRun(job, id)).toMatchObject({
      status: "cancelled",
      failedReason: "Cancelled by ana: no longer wanted",
      finishedOn: expect.any(Number),
    })
    const after = await ask()
    work(async () => {
      done = !done
    })
    expect((await ended(after)).status).toBe("completed")
    expect(done).toBe(true)
    expect(await cancelRun(job, id, by)).toBe("cancelled")
  })

  test("while it is active hears of it in whichever worker has it, before its caller is answered, and is not tried again", async () => {
    const begun = Promise.withResolvers<void>()
    for (let count = 0; count < 3; count++)
      work(async (_, run) => {
        begun.resolve()
        await untilAborted(run)
      })
    const id = await ask()
    await begun.promise
    expect(await cancelRun(job, id, by)).toBe("cancelled")
    expect(await findRun(job, id)).toMatchObject({ status: "cancelled", attemptsMade: 1 })
    expect(await until(() => ends.length > 0, 2_000)).toBe(true)
    expect(ends).toMatchObject([{ outcome: "cancelled", attempt: 1 }])
  })

  test("ends cancelled even when its processor makes another error of the signal", async () => {
    const begun = Promise.withResolvers<void>()
    work(async (_, run) => {
      begun.resolve()
      await untilAborted(run).catch(() => {
        throw new Error("fetch failed")
      })
    })
    const id = await ask()
    await begun.promise
    expect(await cancelRun(job, id, by)).toBe("cancelled")
    expect((await ended(id)).failedReason).toBe("Cancelled by ana: no longer wanted")
  })

  test("between two tries ends at once", async () => {
    work(async () => {
      throw new Error("no luck")
    })
    const id = await ask()
    expect(await until(async () => (await findRun(job, id))?.status === "delayed", 5_000)).toBe(true)
    expect(await cancelRun(job, id, by)).toBe("cancelled")
    expect(await findRun(job, id)).toMatchObject({ status: "cancelled", attemptsMade: 1 })
  })

  test("between two tries takes along what was kept to be run after it, which would come after what is newer", async () => {
    const begun: string[] = []
    const kept = Promise.withResolvers<void>()
    work(async ({ word }) => {
      begun.push(word)
      if (word !== "first") return
      await kept.promise
      throw new Error("no luck")
    })
    const askFor = async (word: string) => {
      const deduplication = { id: "one", keepLastIfActive: true }
      return (await enqueue(job, { word }, { deduplication })).id
    }
    const id = await askFor("first")
    expect(await until(() => begun.length === 1, 5_000)).toBe(true)
    expect(await askFor("kept")).toBe(id)
    kept.resolve()
    expect(await until(async () => (await findRun(job, id))?.status === "delayed", 5_000)).toBe(true)
    expect(await cancelRun(job, id, by)).toBe("cancelled")
    await ended(await askFor("newer"))
    expect(begun).toEqual(["first", "newer"])
    expect(await queueOf(job).getJobCountByTypes("prioritized", "waiting", "active")).toBe(0)
  })

  test("and was marked while its worker died ends when the next one takes it", async () => {
    const id = await ask()
    await queueClient().hset(queueKey(job.name, id), "defa", "Cancelled by ana")
    let done = false
    work(async () => {
      done = true
    })
    expect((await ended(id)).status).toBe("cancelled")
    expect(done).toBe(false)
  })

  test("while its worker had lost the connection it listens on hears of it when that is back", async () => {
    const begun = Promise.withResolvers<void>()
    work(async (_, run) => {
      begun.resolve()
      await untilAborted(run)
    })
    const id = await ask()
    await begun.promise
    await queueClient().hset(queueKey(job.name, id), "defa", "Cancelled by ana")
    await askMasters((redis) => redis.call("CLIENT", "KILL", "TYPE", "pubsub"))
    expect((await ended(id)).status).toBe("cancelled")
  })

  test("but ends by itself first is what it came to", async () => {
    const id = await ask()
    work(async () => "done")
    expect((await ended(id)).status).toBe("completed")
    expect(await cancelRun(job, id, by)).toBe("ended")
    expect(await findRun(job, id)).toMatchObject({ status: "completed", failedReason: null })
  })

  test("but ignores the signal is said to be on its way, reported, and ended without its processor", async () => {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    work(async () => {
      begun.resolve()
      await release.promise
    })
    const id = await ask()
    await begun.promise
    expect(await cancelRun(job, id, by)).toBe("cancelling")
    expect((await ended(id)).status).toBe("cancelled")
    expect(ignored).toBe(1)
    release.resolve()
  })

  test("tells the workers when nobody had it", async () => {
    work(async () => undefined)
    const id = await ask({ delay: 60_000 })
    expect(await until(async () => (await findRun(job, id))?.status === "delayed", 2_000)).toBe(true)
    const subscribed = async () =>
      Number(((await queueClient().pubsub("NUMSUB", "esteira:cancellations")) as unknown[])[1]) > 0
    expect(await until(subscribed, 5_000)).toBe(true)
    await cancelRun(job, id, by)
    expect(await until(() => removed.length > 0, 2_000)).toBe(true)
    expect(removed).toEqual([job.name])
  })
})

test("no run is cancelled that is not there, or has an id that is none", async () => {
  expect(await cancelRun(job, crypto.randomUUID(), by)).toBeUndefined()
  expect(await cancelRun(job, "meta", by)).toBeUndefined()
})

test("a try that takes longer than its job may is ended for good, and says so", async () => {
  work(async (_, run) => await untilAborted(run), 50)
  const id = await ask({ attempts: 5 })
  expect(await ended(id)).toMatchObject({
    status: "failed",
    failedReason: "Timed out after 50 ms",
    attemptsMade: 1,
  })
  expect(ends).toMatchObject([{ outcome: "timed-out" }])
})

test("a hundred runs cancelled while they are taken end either way, each once", async () => {
  const done = new Set<string>()
  work(async (_, run) => {
    if (done.has(run.id)) throw new Error("done twice")
    done.add(run.id)
  })
  const ids = await Promise.all(Array.from({ length: 100 }, () => ask()))
  const answers = await Promise.all(ids.map((id) => cancelRun(job, id, by)))
  for (const [index, id] of ids.entries()) {
    const { status } = await ended(id)
    expect(status).toBe(answers[index] === "cancelled" ? "cancelled" : "completed")
    if (status === "cancelled") expect(done.has(id)).toBe(false)
  }
})
