import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { enqueueIn } from "../../db/outbox.ts"
import { pool } from "../../db/pool.ts"
import { findRecordedRun } from "../../db/runs.ts"
import { queueClient, queueKey, queueOf } from "../../lib/queues.ts"
import { untilReady } from "../../lib/redis/connect.ts"
import { findRun } from "../../lib/runs.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { parcel } from "../../sandbox/outbox/job.ts"
import { freePort } from "../../sandbox/ports.ts"
import { launch } from "../../sandbox/process/launch.ts"
import { startProxy } from "../../sandbox/proxy.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { askMasters, temporaryFolder, withRedisAt } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { createLedger, type Ledger } from "../ledger/ledger.ts"
import { startWorkers, type Workers } from "../workers.ts"
import { keepOutbox } from "./keep.ts"
import { relayBatch } from "./relay.ts"

const jobs = [parcel]
const ask = (word = "go", options = {}) => pool().begin((tx) => enqueueIn(tx, parcel, { word }, options))
const askInSql = async (queue: string, data: string, options = "{}") => {
  const [row] = await pool()<{ id: string }[]>`
    select enqueue_job(${queue}, ${data}::text::jsonb, ${options}::text::jsonb) as id
  `
  return row!.id
}

let ran: Map<string, number>
let workers: Workers | undefined
let ledger: Ledger

function work(processor = async () => null as unknown) {
  ledger = createLedger()
  workers = startWorkers(
    [
      {
        job: parcel,
        processor: async (_, run) => {
          ran.set(run.id, (ran.get(run.id) ?? 0) + 1)
          return await processor()
        },
      },
    ],
    { observers: [ledger.observer] },
  )
}

async function stopWork() {
  await workers?.stop(10)
  workers?.disconnect()
  if (workers) await ledger.close(5_000)
  workers = undefined
}

const isDone = async (id: string) => (await findRun(parcel, id))?.status === "completed"

beforeEach(async () => {
  ran = new Map()
  await untilReady(queueClient())
  await pool()`truncate outbox`
})
afterEach(async () => {
  await stopWork()
  await queueOf(parcel).obliterate({ force: true })
})

describe("a relay", () => {
  test("brings runs into their queue as they were asked for, and when", async () => {
    const id = await ask("first", { delay: 60_000, priority: 2, attempts: 7 })
    const askedAt = Date.now()
    await Bun.sleep(30)
    expect(await relayBatch(jobs)).toBe(1)
    expect(await relayBatch(jobs)).toBe(0)
    const queued = await queueOf(parcel).getJob(id)
    expect(queued).toMatchObject({
      name: "parcel",
      data: { word: "first" },
      opts: { attempts: 7, priority: 2 },
    })
    const due = Number((await queueClient().zscore(queueKey("parcel", "delayed"), id)) ?? 0) / 0x1000
    expect(Math.abs(due - (askedAt + 60_000))).toBeLessThan(25)
  })

  test("checks what SQL has asked for: a bad one ends as failed in the ledger, and keeps no other back", async () => {
    const bad = [
      await askInSql("parcel", '{"wrod": "go"}'),
      await askInSql("parcels", '{"word": "go"}'),
      await askInSql("parcel", '{"word": "go"}', '{"priority": "urgent"}'),
      await askInSql("parcel", "[]"),
      await askInSql("parcel", JSON.stringify({ word: "x".repeat(70_000) })),
    ]
    const good = await askInSql("parcel", '{"word": "go"}', '{"priority": "high"}')
    expect(await relayBatch(jobs)).toBe(6)
    expect(await relayBatch(jobs)).toBe(0)
    expect((await queueOf(parcel).getJob(good))?.opts.priority).toBe(1)
    const told = await Promise.all(
      bad.map((id, index) => findRecordedRun(index === 1 ? "parcels" : "parcel", id)),
    )
    expect(told.map((run) => [run?.status, run?.attemptsMade])).toEqual(bad.map(() => ["failed", 0]))
    expect(told.map((run) => run?.failedReason)).toEqual([
      expect.stringContaining("Bad payload for parcel: word: "),
      'No queue "parcels": the queues are parcel',
      expect.stringContaining("options.priority: "),
      expect.stringContaining("Bad payload for parcel: "),
      expect.stringContaining("the limit is 65536"),
    ])
  })

  test("knows which run stands for one that is deduplicated", async () => {
    const deduplication = { id: "one" }
    const first = await ask("go", { deduplication })
    const second = await ask("go", { deduplication })
    await relayBatch(jobs)
    expect(await queueOf(parcel).getJobCountByTypes("prioritized")).toBe(1)
    const rows = await pool()`select id, became from outbox order by asked_at`
    expect([...rows]).toEqual([
      { id: first, became: null },
      { id: second, became: first },
    ])
  })

  test("keeps what Redis gives it no leave to write, until it does", async () => {
    const id = await ask()
    const masters = (rule: string) => askMasters((master) => master.acl("SETUSER", "default", rule))
    await masters("-@scripting")
    await expect(relayBatch(jobs)).rejects.toThrow("NOPERM")
    expect(await findRecordedRun("parcel", id)).toBeUndefined()
    await masters("+@scripting")
    expect(await relayBatch(jobs)).toBe(1)
    expect(await findRun(parcel, id)).toMatchObject({ status: "waiting" })
  })

  test("brings what is large to a Redis at the end of a slow line, some at a time", async () => {
    const port = await freePort()
    const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false, port })
    const line = await startProxy(port, { speed: 5_000_000 })
    const large = JSON.stringify({ word: "x".repeat(60_000) })
    await pool()`select enqueue_job('parcel', ${large}::text::jsonb) from generate_series(1, 150)`
    await withRedisAt(`redis://127.0.0.1:${line.port}`, async () => {
      await untilReady(queueClient())
      expect(await relayBatch(jobs)).toBe(150)
      expect(await queueOf(parcel).getJobCountByTypes("prioritized")).toBe(150)
    })
    await line.stop()
    await redis.stop()
  })

  test("that is heard needs no poll, and is soon at work", async () => {
    work()
    const outbox = keepOutbox(jobs)
    const first = await ask()
    expect(await until(() => isDone(first), 10_000)).toBe(true)
    const second = await ask()
    expect(await until(() => isDone(second), 5_000)).toBe(true)
    await outbox.stop()
  })

  test("hears again after PostgreSQL has cut its connections", async () => {
    work()
    const outbox = keepOutbox(jobs)
    const first = await ask()
    expect(await until(() => isDone(first), 10_000)).toBe(true)
    await pool()`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%'
    `
    const isListening = async () => {
      const [row] = await pool()<{ count: number }[]>`
        select count(*)::int as count from pg_stat_activity
        where datname = current_database() and query ilike 'listen%'
      `
      return row!.count > 0
    }
    expect(await until(isListening, 20_000)).toBe(true)
    const second = await ask()
    expect(await until(() => isDone(second), 10_000)).toBe(true)
    await outbox.stop()
  })
})

describe("a run that comes to be in Redis twice", () => {
  const again = (id: string) =>
    pool()`update outbox set relayed_at = null, data = '{"word": "go"}', options = '{"priority": 5}' where id = ${id}`

  test("is run once: the second is gone without a trace", async () => {
    work()
    const id = await ask()
    await relayBatch(jobs)
    expect(await until(() => isDone(id), 5_000)).toBe(true)
    expect(await until(async () => (await findRecordedRun("parcel", id)) !== undefined, 5_000)).toBe(true)
    const before = await findRecordedRun("parcel", id)

    // The relay died before it was committed, and Redis has forgotten the run meanwhile.
    await queueOf(parcel).clean(0, 0, "completed")
    await again(id)
    expect(await relayBatch(jobs)).toBe(1)
    expect(await until(async () => (await findRun(parcel, id)) === undefined, 5_000)).toBe(true)
    await stopWork()
    expect(ran).toEqual(new Map([[id, 1]]))
    expect(await findRecordedRun("parcel", id)).toEqual(before!)
  })

  test("goes on in the first though that is tried again", async () => {
    let isFirst = true
    work(async () => {
      if (!isFirst) return null
      isFirst = false
      throw new Error("no luck")
    })
    const id = await ask()
    await relayBatch(jobs)
    await again(id)
    await relayBatch(jobs)
    expect(await until(async () => (await findRun(parcel, id))?.status === "delayed", 5_000)).toBe(true)
    await (await queueOf(parcel).getJob(id))!.promote()
    expect(await until(() => isDone(id), 5_000)).toBe(true)
    expect(ran.get(id)).toBe(2)
  })
})

test("relays that are killed at random points bring each run once", async () => {
  const random = createRandom(17)
  const kills = 12
  const asked: string[] = []
  work()
  const start = () =>
    launch([process.execPath, "sandbox/outbox/relay.ts"], "SIGKILL", {
      cwd: join(import.meta.dir, "../.."),
      env: { ...process.env },
    })
  // Redis forgets runs as soon as they are done, so that nothing but the claim keeps them from being run again.
  let isForgetting = true
  const forgetting = (async () => {
    while (isForgetting) {
      await queueOf(parcel).clean(0, 0, "completed")
      await Bun.sleep(5)
    }
  })()
  for (let kill = 0; kill < kills; kill++) {
    const relay = start()
    await until(() => relay.output().includes("relaying"), 20_000)
    const burst = await Promise.all(Array.from({ length: 150 }, () => ask()))
    asked.push(...burst)
    await Bun.sleep(random() * 60)
    relay.signal("SIGKILL")
    await relay.ended
  }
  const last = start()
  const isEmpty = async () => {
    const [row] = await pool()<
      { count: number }[]
    >`select count(*)::int as count from outbox where relayed_at is null`
    return row!.count === 0
  }
  expect(await until(isEmpty, 60_000)).toBe(true)
  expect(await until(() => asked.every((id) => ran.has(id)), 30_000)).toBe(true)
  last.signal("SIGKILL")
  await last.ended
  expect(
    await until(
      async () => (await queueOf(parcel).getJobCountByTypes("prioritized", "active")) === 0,
      20_000,
    ),
  ).toBe(true)
  isForgetting = false
  await forgetting
  await stopWork()
  expect(ran.size).toBe(asked.length)
  expect([...ran.values()].filter((times) => times !== 1)).toEqual([])
})
