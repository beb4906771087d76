import { afterEach, beforeEach, expect, test } from "bun:test"
import { outbox } from "../db/outbox.ts"
import { pool } from "../db/pool.ts"
import { enqueue } from "../lib/enqueue.ts"
import { queueClient } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { parcel } from "../sandbox/outbox/job.ts"
import { startSentinel } from "../sandbox/redis/topologies.ts"
import { moveTo, temporaryFolder } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { createLedger, type Ledger } from "./ledger/ledger.ts"
import { keepOutbox } from "./outbox/keep.ts"
import { startWorkers, type Workers } from "./workers.ts"

/** Those who ask for runs all the time. */
const CALLERS = 8

let redis: Awaited<ReturnType<typeof startSentinel>>
let goBack: () => Promise<void>
let ledger: Ledger
let workers: Workers
let relay: ReturnType<typeof keepOutbox>
/** How often each run was at work. */
let ran: Map<string, number>

beforeEach(async () => {
  await pool()`truncate outbox`
  Object.assign(process.env, { LOCK_DURATION: "2000", STALLED_INTERVAL: "1000" })
  redis = await startSentinel(await temporaryFolder())
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
  await redis.stop()
  delete process.env.LOCK_DURATION
  delete process.env.STALLED_INTERVAL
})

/** Asks for runs until told to stop; resolves with those that were acknowledged, and how. */
function load() {
  const acknowledged = new Map<string, { status: "enqueued" | "accepted"; at: number }>()
  let isOver = false
  const caller = async () => {
    while (!isOver) {
      const { id, status } = await enqueue(parcel, { word: "go" }, {}, { outbox })
      acknowledged.set(id, { status, at: performance.now() })
      await Bun.sleep(1)
    }
  }
  const callers = Promise.all(Array.from({ length: CALLERS }, caller))
  return {
    acknowledged,
    async end() {
      isOver = true
      await callers
      return acknowledged
    },
  }
}

const recorded = async (ids: string[]) => {
  const rows = await pool()<{ id: string }[]>`
    select id from runs where status = 'completed' and id = any(${ids})`
  return new Set(rows.map(({ id }) => id))
}

test("no run that was acknowledged is lost in a planned failover", async () => {
  const { acknowledged, end } = load()
  expect(await until(() => acknowledged.size > 300, 30_000)).toBe(true)
  const port = await redis.failOver()
  expect(port).toBe(redis.replica.port)
  const then = acknowledged.size
  expect(await until(() => acknowledged.size > then + 300, 30_000)).toBe(true)
  const ids = [...(await end()).keys()]

  expect(await until(async () => (await recorded(ids)).size === ids.length, 30_000)).toBe(true)
  expect(ids.filter((id) => !ran.has(id))).toEqual([])
  const statuses = Map.groupBy(acknowledged.values(), ({ status }) => status)
  console.log(
    Object.fromEntries([...statuses].map(([k, v]) => [k, v.length])),
    [...ran.values()].filter((t) => t > 1).length,
  )
})
