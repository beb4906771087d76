import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { report } from "../../lib/jobs/report.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { startProxy } from "../../sandbox/proxy.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { enqueued, perform } from "../testing.ts"
import { letMany, monthly, seedAgency, stored, storedKeys } from "./testing.ts"

const PATIENCE = 60_000
const HOMES = 1_000

/** Bytes a second from PostgreSQL: the rows take longer than a worker that stops has to end. */
const SPEED = 70_000

const workers: Service[] = []
let line: Awaited<ReturnType<typeof startProxy>>
let leave: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  await seedAgency()
  await letMany(HOMES)
  line = await startProxy(Number(new URL(process.env.DATABASE_URL!).port), { speed: SPEED })
})
afterAll(async () => {
  await line.stop()
  await leave()
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await Promise.all([email, report].map((job) => queueOf(job).obliterate({ force: true })))
})

const start = async () => {
  const worker = await startService([process.execPath, "worker/main.ts"], {
    LOCK_DURATION: "1000",
    STALLED_INTERVAL: "500",
    MAX_STALLED_COUNT: "1000",
    DRAIN_SECONDS: "1",
    WORKER_QUEUES: "report",
    DATABASE_URL: Object.assign(new URL(process.env.DATABASE_URL!), { host: `127.0.0.1:${line.port}` }).href,
  })
  workers.push(worker)
}

/** Those that read the rows of a section. */
const readers = async () => {
  const rows = await pool()<{ pid: number }[]>`
  select pid from pg_stat_activity
  where datname = current_database() and state <> 'idle' and query like 'fetch forward%'
    and pid <> pg_backend_pid()
`
  return rows.map(({ pid }) => pid)
}

test("killed and told to stop in the middle, a report is made by another worker: one file, as if nothing had been, one row and one mail", async () => {
  const payload = monthly({ content: ["rental"] })
  const undisturbed = await stored((await perform("report", payload)).storageKey!)
  await start()
  const { id } = await enqueue(report, { ...payload, email: "ana@example.com" })
  const seen = new Set<number>()
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    const begun = async () => (await readers()).some((pid) => !seen.has(pid))
    expect(await until(begun, PATIENCE)).toBe(true)
    for (const pid of await readers()) seen.add(pid)
    await start()
    const [first] = workers.splice(0, 1)
    first!.signal(signal)
    await first!.ended
    expect((await storedKeys()).filter((key) => key.includes(id))).toEqual([])
    expect(await pool()`select 1 from reports where run_id = ${id}`).toHaveLength(0)
  }
  const status = async () => (await findRun(report, id))?.status
  expect(await until(async () => (await status()) === "completed", PATIENCE)).toBe(true)

  const keys = (await storedKeys()).filter((key) => key.includes(id))
  const rows = await pool()`select storage_key from reports where run_id = ${id}`
  expect(rows.map(({ storageKey }) => storageKey)).toEqual(keys)
  expect(keys).toHaveLength(1)
  expect((await stored(keys[0]!))!.equals(undisturbed!)).toBe(true)
  expect(await enqueued("email")).toHaveLength(1)
  expect((await findRun(report, id))!.attemptsMade).toBeLessThanOrEqual(1)
}, 180_000)
