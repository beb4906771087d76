import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { report } from "../../lib/jobs/report.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { enqueued, perform } from "../testing.ts"
import { monthly, seedAgency, stored, storedKeys } from "./testing.ts"

const KILLS = 8
const PATIENCE = 60_000

/** Milliseconds that a report takes a worker that has just started, or a little less: some kills come before its end, some after. */
const SPAN = 500

let worker: Service | undefined

let leave: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  await seedAgency()
})
afterAll(() => leave())
afterEach(async () => {
  await worker?.stop()
  await Promise.all([email, report].map((job) => queueOf(job).obliterate({ force: true })))
})

const start = () =>
  startService([process.execPath, "worker/main.ts"], {
    LOCK_DURATION: "1000",
    STALLED_INTERVAL: "1000",
    MAX_STALLED_COUNT: "1000",
    WORKER_QUEUES: "report",
  })

const statusOf = async (id: string) => (await findRun(report, id))?.status

test("killed wherever it may be, a report is one file, one row and one mail, the file as if nothing had been", async () => {
  const random = createRandom(1_900)
  const payload = monthly({ format: "pdf", email: "ana@example.com" })
  const undisturbed = await stored((await perform("report", monthly())).storageKey!)
  await queueOf(email).obliterate({ force: true })

  const runs: string[] = []
  let inTheMiddle = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    worker = await start()
    const last = runs.at(-1)
    if (!last || (await statusOf(last)) === "completed") runs.push((await enqueue(report, payload)).id)
    const id = runs.at(-1)!
    expect(await until(async () => (await statusOf(id)) !== "waiting", PATIENCE)).toBe(true)
    await Bun.sleep(random() * SPAN)
    if ((await statusOf(id)) === "active") inTheMiddle += 1
    worker.signal("SIGKILL")
    await worker.ended
  }
  worker = await start()
  const isDone = async () => (await Promise.all(runs.map(statusOf))).every((status) => status === "completed")
  expect(await until(isDone, PATIENCE)).toBe(true)
  expect(inTheMiddle).toBeGreaterThan(0)

  for (const id of runs) {
    const keys = (await storedKeys()).filter((key) => key.includes(id))
    const rows = await pool()`select storage_key from reports where run_id = ${id}`
    expect(rows.map(({ storageKey }) => storageKey)).toEqual(keys)
    expect(keys).toHaveLength(1)
    expect((await stored(keys[0]!))!.equals(undisturbed!)).toBe(true)
  }
  expect((await enqueued("email")).length).toBe(runs.length)
}, 180_000)
