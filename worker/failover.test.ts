import { afterEach, beforeEach, expect, test } from "bun:test"
import { outbox } from "../db/outbox.ts"
import { pool } from "../db/pool.ts"
import { enqueue } from "../lib/enqueue.ts"
import { queueClient } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { parcel } from "../sandbox/outbox/job.ts"
import { startProxy } from "../sandbox/proxy.ts"
import { startSentinel } from "../sandbox/redis/topologies.ts"
import { moveTo, temporaryFolder } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { createLedger, type Ledger } from "./ledger/ledger.ts"
import { keepOutbox } from "./outbox/keep.ts"
import { startWorkers, type Workers } from "./workers.ts"

/** Those who ask for runs all the time. */
const CALLERS = 8

let redis: Awaited<ReturnType<typeof startSentinel>>
let line: Awaited<ReturnType<typeof startProxy>>
let goBack: () => Promise<void>
let ledger: Ledger
let workers: Workers
let relay: ReturnType<typeof keepOutbox>
/** How often each run was at work. */
let ran: Map<string, number>

beforeEach(async () => {
  await pool()`truncate outbox`
  Object.assign(process.env, { LOCK_DURATION: "2000", STALLED_INTERVAL: "1000" })
  redis = await startSentinel(await temporaryFolder(), {
    line: async (port) => {
      line = await startProxy(port)
      return line.port
    },
    deadAfter: 2_000,
  })
  goBack = await moveTo(redis.environment)
  await untilReady(queueClient())
  ran = new Map()
  ledger = createLedger()
  const processor = async (_: unknown, { id }: { id: string }) => {
    ran.set(id, (ran.get(id) ?? 0) + 1)
    return null
  }
  workers = startWorkers([{ job: parcel, processor }], { observers: [ledger.observer] })
  relay = keepOutbox([parcel])
})
afterEach(async () => {
  await relay.stop()
  await workers.stop(5)
  workers.disconnect()
  await ledger.close(5_000)
  await goBack()
  await line.stop()
  await redis.stop()
  delete process.env.LOCK_DURATION
  delete process.env.STALLED_INTERVAL
})

interface Acknowledged {
  id: string
  status: "enqueued" | "accepted"
  /** When it was asked for, and when that was acknowledged. */
  asked: number
  at: number
}

/** Asks for runs until told to stop; all that are acknowledged. */
function load() {
  const acknowledged: Acknowledged[] = []
  let isOver = false
  const caller = async () => {
    while (!isOver) {
      const asked = performance.now()
      const { id, status } = await enqueue(parcel, { word: "go" }, {}, { outbox })
      acknowledged.push({ id, status, asked, at: performance.now() })
      await Bun.sleep(1)
    }
  }
  const callers = Promise.all(Array.from({ length: CALLERS }, caller))
  /** Resolves when so many more have been acknowledged. */
  const more = async (count: number) => {
    const enough = acknowledged.length + count
    expect(await until(() => acknowledged.length >= enough, 30_000)).toBe(true)
  }
  const end = async () => {
    isOver = true
    await callers
  }
  return { acknowledged, more, end }
}

const idsOf = (runs: Acknowledged[]) => runs.map(({ id }) => id)

async function notRecorded(runs: Acknowledged[]) {
  const rows = await pool()<{ id: string }[]>`
    select id from runs where status = 'completed' and id = any(${idsOf(runs)})`
  const recorded = new Set(rows.map(({ id }) => id))
  return runs.filter(({ id }) => !recorded.has(id))
}

test("in a planned failover no run that was acknowledged is lost", async () => {
  const { acknowledged, more, end } = load()
  await more(300)
  expect(await redis.failOver()).toBe(redis.replica.port)
  await more(300)
  await end()
  expect(await until(async () => (await notRecorded(acknowledged)).length === 0, 30_000)).toBe(true)
  expect(acknowledged.filter(({ id }) => !ran.has(id))).toEqual([])
})

test("of a master that is killed those runs alone are lost that its replica had not heard of", async () => {
  const { acknowledged, more, end } = load()
  await more(300)
  const [silentAt] = [performance.now(), line.silence()]
  await more(100)
  const killedAt = performance.now()
  redis.master.kill("SIGKILL")
  await more(50)
  await end()

  // What was under way when the line fell silent may have been heard of or not.
  const inLag = acknowledged.filter(
    ({ status, asked, at }) => status === "enqueued" && at >= silentAt && asked <= killedAt,
  )
  const others = acknowledged.filter((run) => !inLag.includes(run))
  expect(inLag.length).toBeGreaterThanOrEqual(90)
  expect(await until(async () => (await notRecorded(others)).length === 0, 60_000)).toBe(true)
  const lost = await notRecorded(inLag)
  // Those done before the kill are in the ledger, which does not ask Redis what it remembers.
  expect(lost.length).toBeLessThan(inLag.length)
  const settled = others.filter(({ at }) => at < silentAt - 1_000 || at > killedAt)
  expect(settled.filter(({ id }) => ran.get(id) !== 1)).toEqual([])
  const through = acknowledged.filter(({ status }) => status === "accepted").length
  console.log(
    `Of ${acknowledged.length} runs acknowledged, ${through} by the outbox, ${inLag.length} were in the lag: ${lost.length} of them lost`,
  )
})
