import { afterEach, beforeEach, describe, expect, setSystemTime, test } from "bun:test"
import { closePool, pool } from "../../db/pool.ts"
import { listSchedules } from "../../db/schedules.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { findRun } from "../../lib/runs.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { temporaryFolder, withRedisAt } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { startWorkers } from "../workers.ts"
import { reconcile } from "./reconcile.ts"
import { alarmWork, keepSchedules } from "./start.ts"
import { alarmNames, alarms, asked, declared, nextRing, startAfresh, sweeps, sweepWith } from "./testing.ts"

const stopping: (() => Promise<void>)[] = []

beforeEach(startAfresh)

afterEach(async () => {
  setSystemTime()
  for (const stop of stopping.splice(0)) await stop()
})

/** A process with these jobs, whose runs end at once. */
function boot(job: JobDefinition, { healEvery = 600_000 } = {}) {
  const jobs = [job]
  const workers = startWorkers([{ job, processor: async () => null }, alarmWork({ jobs })])
  const schedules = keepSchedules({ jobs, healEvery })
  const stop = async () => {
    await schedules.stop()
    await workers.stop(5)
    workers.disconnect()
  }
  stopping.push(stop)
  return async () => {
    stopping.splice(stopping.indexOf(stop), 1)
    await stop()
  }
}

const often = { name: "often", cron: "* * * * *" }
const isSet = (name: string) => until(async () => (await alarmNames()).includes(name), 10_000)

/** A cron rule for this minute of every hour, counted from now. */
const inMinutes = (minutes: number) => `${new Date(Date.now() + minutes * 60_000).getUTCMinutes()} * * * *`

test("an alarm rings, its run is done, and the alarm is set for the next slot", async () => {
  boot(sweepWith({ ...often, overlap: "queue" }))
  expect(await isSet("often")).toBe(true)
  const [first] = await alarms().getDelayed()
  await first!.promote()
  expect(await until(async () => (await asked()).length === 1, 10_000)).toBe(true)
  const [id] = await asked()
  expect(await until(async () => (await findRun(sweepWith(), id!))?.status === "completed", 10_000)).toBe(
    true,
  )
  const [next] = await alarms().getDelayed()
  // What its definition says is not kept with it, and so can change.
  expect(next!.opts).toMatchObject({ attempts: 0, backoff: undefined })
  expect(next!.opts).not.toContainAnyKeys(["removeOnComplete", "removeOnFail", "keepLogs"])
  expect(Number(next!.id!.split(":").at(-1)) - Number(first!.id!.split(":").at(-1))).toBe(60_000)
})

test("an alarm that an older process cannot make sense of waits for a newer one", async () => {
  await reconcile(declared(often), new Date())
  const [first] = await alarms().getDelayed()
  await first!.promote()
  const older = startWorkers([alarmWork({ jobs: [] })])
  const isPostponed = async () =>
    (await first!.getState()) === "delayed" && older.workers.every(({ active }) => active.size === 0)
  expect(await until(isPostponed, 10_000)).toBe(true)
  expect(await asked()).toEqual([])
  await older.stop(5)
  older.disconnect()

  await (await alarms().getJob(first!.id!))!.promote()
  boot(sweepWith(often))
  expect(await until(async () => (await first!.getState()) === "completed", 10_000)).toBe(true)
  expect((await asked()).length).toBe(1)
})

test("an alarm that is lost is set again without a restart", async () => {
  boot(sweepWith(often), { healEvery: 50 })
  expect(await isSet("often")).toBe(true)
  await alarms().removeJobScheduler("often")
  expect(await isSet("often")).toBe(true)
})

test("a worker gets back what an old one that was started late had removed, once that has gone", async () => {
  boot(sweepWith(often), { healEvery: 50 })
  expect(await isSet("often")).toBe(true)
  const stopOld = boot(sweepWith())
  expect(await until(async () => (await listSchedules()).length === 0, 10_000)).toBe(true)
  await stopOld()
  setSystemTime(new Date(Date.now() + 26 * 60_000))
  expect(await isSet("often")).toBe(true)
  expect(await listSchedules()).toMatchObject([often])
})

describe("a deploy across a slot", () => {
  const oldRule = inMinutes(-30)

  test.each([
    ["with the rule as it was", oldRule],
    ["with another rule", inMinutes(-20)],
  ])("has the slot's run asked for once, %s", async (_, newRule) => {
    // The old process ends an hour ago, with its alarm set for half an hour ago.
    setSystemTime(new Date(Date.now() - 3_600_000))
    const stopOld = boot(sweepWith({ name: "hourly", cron: oldRule }))
    expect(await isSet("hourly")).toBe(true)
    await stopOld()
    const next = await nextRing()
    setSystemTime()
    expect(next).toBeLessThan(Date.now())

    for (const process of ["first", "second"]) {
      const stop = boot(sweepWith({ name: "hourly", cron: newRule }))
      const isDone = async () =>
        (await nextRing()) > Date.now() &&
        (await alarms().getJobCountByTypes("waiting", "active")) === 0 &&
        (await sweeps().getJobCountByTypes("completed")) === 1
      expect([process, await until(isDone, 10_000)]).toEqual([process, true])
      await stop()
    }
    const slot = new Date(next).toISOString().replace(/\.000|[-:]/g, "")
    expect(await asked()).toEqual([`hourly-${slot}`])
    expect(await listSchedules()).toMatchObject([{ cron: newRule }])
  })
})

describe("where clocks are put forward over midnight, the alarm of a daily slot is set for the first moment after", () => {
  const midnight = { name: "midnight", cron: "0 0 * * *", zone: "America/Santiago" }
  const isNext = async (moment: string) => (await nextRing()) === Date.parse(moment)

  test("at boot", async () => {
    setSystemTime(new Date("2026-09-05T12:00:00Z"))
    await reconcile(declared(midnight), new Date())
    expect(await isNext("2026-09-06T04:00:00Z")).toBe(true)
  })

  test("when it has rung the night before", async () => {
    setSystemTime(new Date("2026-09-05T03:59:59Z"))
    await reconcile(declared(midnight), new Date())
    expect(await isNext("2026-09-05T04:00:00Z")).toBe(true)
    await (await alarms().getDelayed())[0]!.promote()
    boot(sweepWith(midnight))
    expect(await until(async () => !(await isNext("2026-09-05T04:00:00Z")), 10_000)).toBe(true)
    expect(await isNext("2026-09-06T04:00:00Z")).toBe(true)
  })
})

describe("a process born", () => {
  test("without Redis declares its schedules when Redis comes", async () => {
    const port = await freePort()
    await withRedisAt(`redis://127.0.0.1:${port}`, async () => {
      const stop = boot(sweepWith(often))
      expect(await until(async () => (await listSchedules()).length > 0, 2_000)).toBe(false)
      const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false, port })
      expect(await isSet("often")).toBe(true)
      expect(await listSchedules()).toMatchObject([often])
      await stop()
      await redis.stop()
    })
  })

  test("without PostgreSQL declares them when that comes", async () => {
    const { DATABASE_URL } = process.env
    const away = Object.assign(new URL(DATABASE_URL!), { port: String(await freePort()) }).href
    await closePool()
    process.env.DATABASE_URL = away
    boot(sweepWith(often))
    await expect(Promise.resolve(pool()`select 1`)).rejects.toThrow()
    const gone = pool()
    process.env.DATABASE_URL = DATABASE_URL
    await closePool()
    expect(pool()).not.toBe(gone)
    expect(await isSet("often")).toBe(true)
  })

  test("with neither is stopped at once", async () => {
    const { DATABASE_URL } = process.env
    const nowhere = await freePort()
    await closePool()
    process.env.DATABASE_URL = Object.assign(new URL(DATABASE_URL!), { port: String(nowhere) }).href
    await withRedisAt(`redis://127.0.0.1:${nowhere}`, async () => {
      const schedules = keepSchedules({ jobs: [sweepWith(often)] })
      const began = performance.now()
      await schedules.stop()
      expect(performance.now() - began).toBeLessThan(3_000)
    })
    process.env.DATABASE_URL = DATABASE_URL
    await closePool()
  })
})
