import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { declareSchedule, markSlotted } from "../../db/schedules.ts"
import { cancelRun } from "../../lib/cancel.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { priceSync } from "../../lib/jobs/price-sync.ts"
import { queueOf } from "../../lib/queues.ts"
import { slotRunId } from "../../lib/schedules/run-id.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { enqueued } from "../../worker/testing.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }
const HOUR = 3_600_000
const rule = { name: "price-sync", job: "price-sync", cron: "0 * * * *", zone: "UTC" }

/** The hour that has begun, and others so many before or after it. */
const hour = (offset = 0) => new Date((Math.floor(Date.now() / HOUR) + offset) * HOUR)

describe.each(Object.keys(runtimes) as Runtime[])("schedules, on %s,", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  beforeEach(() => declareSchedule(rule, hour()))
  afterEach(async () => {
    await pool()`truncate schedules`
    await queueOf(priceSync).obliterate({ force: true })
  })
  afterAll(() => api.stop())

  async function call(method: string, path: string, body?: unknown) {
    const response = await fetch(`${api.url}/api/admin/jobs/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return [response.status, await response.json()] as [number, unknown]
  }
  const listed = async () => ((await call("GET", "scheduled"))[1] as object[])[0]

  test("are told with their rule, their next slot and what came of the last", async () => {
    const fresh = {
      name: "price-sync",
      running: true,
      queue: "price-sync",
      cron: "0 * * * *",
      zone: "UTC",
      nextRun: hour(1).toISOString(),
      lastRun: null,
      lastRunId: null,
      lastResult: null,
      missed: 0,
      pausedAt: null,
      pausedBy: null,
      pauseReason: null,
    }
    expect(await call("GET", "scheduled")).toEqual([200, [fresh]])

    const id = slotRunId("price-sync", hour())
    await enqueue(priceSync, {}, {}, { id })
    await markSlotted("price-sync", hour(), id)
    const asked = { ...fresh, lastRun: hour().toISOString(), lastRunId: id }
    expect(await listed()).toEqual({ ...asked, lastResult: "waiting" })
    await cancelRun(priceSync, id, { actor: "ana" })
    expect(await listed()).toEqual({ ...asked, lastResult: "cancelled" })
  })

  test("that have slots nobody has dealt with are told to have missed them, and are no sign of health", async () => {
    await pool()`update schedules set slotted_until = ${hour(-3)}`
    const missed = Date.now() - hour().getTime() > 5 * 60_000 ? 3 : 2
    expect(await listed()).toMatchObject({ missed })
    expect(await call("GET", "health")).toMatchObject([
      200,
      {
        healthy: false,
        schedules: {
          status: "critical",
          issues: [`price-sync has missed slots: ${missed}; no worker deals with schedules`],
        },
      },
    ])
  })

  test("run now, paused or not, and leave the slots alone", async () => {
    const [status, answer] = await call("POST", "schedules/price-sync/run")
    const { jobId } = answer as { jobId: string }
    expect([status, answer]).toEqual([
      200,
      { success: true, message: "The schedule price-sync has asked for a run", jobId, queue: "price-sync" },
    ])
    expect((await enqueued("price-sync")).map(({ id, name }) => [id, name])).toEqual([[jobId, "price-sync"]])
    expect(await listed()).toMatchObject({ lastRunId: null, missed: 0 })
  })

  test("are paused with who and why, and resumed", async () => {
    expect(await call("POST", "schedules/price-sync/pause", { reason: "a visit" })).toEqual([
      200,
      { success: true, message: "The schedule price-sync is paused" },
    ])
    expect(await listed()).toMatchObject({
      running: false,
      nextRun: null,
      pausedAt: expect.any(String),
      pausedBy: "admin",
      pauseReason: "a visit",
    })
    expect(await call("POST", "schedules/price-sync/resume")).toEqual([
      200,
      { success: true, message: "The schedule price-sync asks for runs again" },
    ])
    expect(await listed()).toMatchObject({ running: true, pausedAt: null, pausedBy: null, pauseReason: null })
  })

  test("there are not are told from those there are, and a pause for no reason that is one is refused", async () => {
    for (const verb of ["run", "pause", "resume"])
      expect(await call("POST", `schedules/backup/${verb}`)).toEqual([
        404,
        { error: 'No schedule "backup": the schedules are price-sync' },
      ])
    expect((await call("POST", "schedules/price-sync/pause", { reason: "" }))[0]).toBe(400)
    expect((await call("POST", "schedules/price-sync/pause", { why: "?" }))[0]).toBe(400)
    expect(await listed()).toMatchObject({ running: true })
  })
})
