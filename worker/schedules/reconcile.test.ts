import { beforeEach, describe, expect, test } from "bun:test"
import { listSchedules } from "../../db/schedules.ts"
import { RetryLater } from "../../lib/errors.ts"
import { schedulesOf } from "../../lib/schedules/declared.ts"
import { forgetAll } from "../../sandbox/testing.ts"
import { alarmProcessor } from "./processor.ts"
import { heal, reconcile } from "./reconcile.ts"
import {
  alarmNames,
  alarms,
  alarmsByName,
  asked,
  at,
  declared,
  nextRing,
  startAfresh,
  sweeps,
  sweepWith,
} from "./testing.ts"

beforeEach(startAfresh)

const hourly = { name: "hourly" }
const nightly = { name: "nightly", cron: "0 3 * * *" }
const names = async () => (await listSchedules()).map(({ name }) => name)
const ringing = async () => (await alarms().getDelayed()).map(({ id, timestamp }) => [id, timestamp]).sort()

describe("at boot", () => {
  test("a new schedule is put down and gets its alarm, with nothing due before", async () => {
    await reconcile(declared(hourly, nightly), at("05:30"))
    expect(await listSchedules()).toMatchObject([
      {
        name: "hourly",
        job: "sweep",
        cron: "0 * * * *",
        zone: "UTC",
        slottedUntil: at("05:30"),
        lastRunId: null,
      },
      { name: "nightly", cron: "0 3 * * *", slottedUntil: at("05:30") },
    ])
    expect(await alarmsByName()).toMatchObject([
      { key: "hourly", pattern: "0 * * * *", tz: "UTC", template: { data: { schedule: "hourly" } } },
      { key: "nightly", pattern: "0 3 * * *", tz: "UTC" },
    ])
    expect(await asked()).toEqual([])
  })

  test("one that is the same is caught up with, and its alarm left alone", async () => {
    await reconcile(declared(hourly), at("05:30"))
    const before = await ringing()
    await reconcile(declared(hourly), at("06:10"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
    expect(await ringing()).toEqual(before)
  })

  test("one with another rule is caught up with by the old one first", async () => {
    await reconcile(declared(hourly), at("05:30"))
    await reconcile(declared({ ...hourly, cron: "15 * * * *", zone: "Europe/Lisbon" }), at("06:20"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
    expect(await listSchedules()).toMatchObject([
      { cron: "15 * * * *", zone: "Europe/Lisbon", slottedUntil: at("06:20") },
    ])
    expect(await alarms().getJobSchedulers()).toMatchObject([
      { key: "hourly", pattern: "15 * * * *", tz: "Europe/Lisbon" },
    ])
    expect(await alarms().getDelayedCount()).toBe(1)
  })

  test("one that is declared no longer is removed with its alarm", async () => {
    await reconcile(declared(hourly, nightly), at("05:30"))
    await reconcile(declared(nightly), at("06:30"))
    expect(await names()).toEqual(["nightly"])
    expect(await alarmNames()).toEqual(["nightly"])
    expect(await alarms().getDelayedCount()).toBe(1)
    expect(await asked()).toEqual([])
  })

  test("all are removed where none is declared", async () => {
    await reconcile(declared(hourly, nightly), at("05:30"))
    await reconcile([], at("06:30"))
    expect([await names(), await alarmNames()]).toEqual([[], []])
  })

  test("one with something wrong in it keeps no other from being looked after", async () => {
    const broken = { name: "broken", payload: () => ({ slot: "soon" }) }
    await reconcile(declared(broken, hourly), at("05:30"))
    await reconcile(declared(broken, hourly), at("06:10"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
    expect(await alarmNames()).toEqual(["broken", "hourly"])
    expect(await listSchedules()).toMatchObject([
      { slottedUntil: at("05:30") },
      { slottedUntil: at("06:00") },
    ])
  })

  test("twenty processes at a time ask for one run a slot, and set one alarm a schedule", async () => {
    const schedules = declared({ ...hourly, missed: "all" }, nightly)
    await Promise.all(Array.from({ length: 20 }, () => reconcile(schedules, at("05:30"))))
    expect(await alarmNames()).toEqual(["hourly", "nightly"])
    const before = await ringing()
    await Promise.all(Array.from({ length: 20 }, () => reconcile(schedules, at("07:10"))))
    expect(await asked()).toEqual(["hourly-20261120T060000Z", "hourly-20261120T070000Z"])
    expect(await sweeps().getJobCountByTypes("prioritized")).toBe(2)
    expect(await ringing()).toEqual(before)
  })
})

describe("what Redis has lost", () => {
  test("an alarm that is gone is set again, after what it had due has been asked for", async () => {
    await reconcile(declared(hourly), at("05:30"))
    await alarms().removeJobScheduler("hourly")
    await heal(declared(hourly), at("06:10"))
    expect(await alarmNames()).toEqual(["hourly"])
    expect(await alarms().getDelayedCount()).toBe(1)
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
  })

  test("an alarm that has not rung in time is set again", async () => {
    await reconcile(declared(hourly), at("05:30"))
    const next = await nextRing()
    const before = await ringing()
    await heal(declared(hourly), new Date(next + 59_000))
    expect(await ringing()).toEqual(before)
    await heal(declared(hourly), new Date(next + 61_000))
    expect(await ringing()).not.toEqual(before)
    expect(await alarms().getDelayedCount()).toBe(1)
  })

  test("all of it is put back, and the slot that was missed meanwhile is asked for", async () => {
    await reconcile(declared(hourly, nightly), at("05:30"))
    await forgetAll()
    expect(await alarmNames()).toEqual([])
    await heal(declared(hourly, nightly), at("06:10"))
    expect(await alarmNames()).toEqual(["hourly", "nightly"])
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
    await heal(declared(hourly, nightly), at("06:20"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
  })

  test("an alarm is set as the newest boot declared it, and one that it removed is not brought back", async () => {
    const older = declared(hourly, nightly)
    await reconcile(older, at("05:30"))
    await reconcile(declared({ ...hourly, cron: "15 * * * *" }), at("06:10"))
    await forgetAll()
    await heal(older, at("06:20"))
    expect(await alarms().getJobSchedulers()).toMatchObject([{ key: "hourly", pattern: "15 * * * *" }])
    expect(await asked()).toEqual(["hourly-20261120T061500Z"])
    expect(await names()).toEqual(["hourly"])
  })

  test("an alarm of a schedule that this process does not know is set, and what it has due left to one that does", async () => {
    await reconcile(declared(hourly), at("05:50"))
    await forgetAll()
    await heal([], at("06:10"))
    expect(await alarmNames()).toEqual(["hourly"])
    expect(await asked()).toEqual([])
    await heal(declared(hourly), at("06:10"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
  })

  test("an alarm of no schedule is removed", async () => {
    await alarms().upsertJobScheduler("stray", { pattern: "0 0 1 1 *" })
    await heal([], at("06:10"))
    expect(await alarmNames()).toEqual([])
  })
})

describe("an alarm that rings", () => {
  const ring = (schedules: Parameters<typeof alarmProcessor>[0], now: Date, id = "repeat:hourly:0") =>
    alarmProcessor(schedules, () => now)({ schedule: "hourly" }, { id })

  test("has the runs asked for that are due, and tells which", async () => {
    await reconcile(declared(hourly), at("05:30"))
    expect(await ring(declared(hourly), at("06:00"))).toEqual({ asked: ["hourly-20261120T060000Z"] })
    expect(await ring(declared(hourly), at("06:00"))).toEqual({ asked: [] })
  })

  test("for a schedule that is gone is removed, and asks for nothing", async () => {
    await reconcile(declared(hourly), at("05:30"))
    await alarms().upsertJobScheduler("stray", { pattern: "0 0 1 1 *" })
    await reconcile([], at("05:40"))
    await alarms().upsertJobScheduler("hourly", { pattern: "0 * * * *" })
    expect(await ring(declared(hourly), at("06:00"))).toEqual({ asked: [] })
    expect([await alarmNames(), await asked()]).toEqual([[], []])
  })

  test("for one that only a newer process knows is left to that", async () => {
    await reconcile(declared(hourly), at("05:30"))
    const later = await ring([], at("06:00")).catch((error) => error)
    expect(later).toBeInstanceOf(RetryLater)
    expect(later).toMatchObject({ delay: 10_000, message: "this worker does not know the schedule hourly" })
    const renamed = schedulesOf([{ ...sweepWith(hourly), name: "another-job" }])
    await expect(ring(renamed, at("06:00"))).rejects.toBeInstanceOf(RetryLater)
  })

  test("a little before the hour by this process' clock asks for the slot it rang for", async () => {
    await reconcile(declared(hourly), at("05:30"))
    const id = `repeat:hourly:${at("06:00").getTime()}`
    expect(await ring(declared(hourly), at("05:58"), id)).toEqual({ asked: [] })
    expect(await ring(declared(hourly), new Date(at("06:00").getTime() - 900), id)).toEqual({
      asked: ["hourly-20261120T060000Z"],
    })
  })
})
