import { beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { holdSchedules, listSchedules, pauseSchedule } from "../../db/schedules.ts"
import { heal, reconcile } from "./reconcile.ts"
import { alarmNames, alarms, alarmsByName, asked, at, declared, startAfresh } from "./testing.ts"

beforeEach(startAfresh)

const hourly = { name: "hourly" }
const names = async () => (await listSchedules()).map(({ name }) => name)
const dayLater = (time: string, days = 1) => new Date(at(time).getTime() + days * 86_400_000)

describe("a schedule that is removed and declared again", () => {
  const all = declared({ ...hourly, missed: "all" })

  test("within a day makes up for its slots as for those of an outage", async () => {
    for (const [missed, hours] of [
      ["all", ["06", "07", "08"]],
      ["latest", ["08"]],
      ["skip", []],
    ] as const) {
      await startAfresh()
      await reconcile(declared({ ...hourly, missed }), at("05:30"))
      await reconcile([], at("05:40"))
      await reconcile(declared({ ...hourly, missed }), at("08:30"))
      expect(await asked()).toEqual(hours.map((hour) => `hourly-20261120T${hour}0000Z`))
      expect([await names(), await alarmNames()]).toEqual([["hourly"], ["hourly"]])
    }
  })

  test("later begins anew", async () => {
    await reconcile(all, at("05:30"))
    await reconcile([], at("05:40"))
    await reconcile(all, dayLater("05:41"))
    expect(await asked()).toEqual([])
    expect(await listSchedules()).toMatchObject([{ slottedUntil: dayLater("05:41") }])
    await reconcile(all, dayLater("06:10"))
    expect(await asked()).toEqual(["hourly-20261121T060000Z"])
  })

  test.each([
    ["soon", at("06:10")],
    ["late", dayLater("06:10", 40)],
  ])("is paused still if it was, be it %s", async (_, back) => {
    await reconcile(all, at("05:30"))
    await pauseSchedule("hourly", "ana", "too much")
    await reconcile([], at("05:40"))
    await reconcile(all, back)
    expect(await listSchedules()).toMatchObject([{ pausedBy: "ana", pauseReason: "too much" }])
    await reconcile(all, new Date(back.getTime() + 3 * 3_600_000))
    expect(await asked()).toEqual([])
  })

  test("with another rule makes up by the old one first", async () => {
    await reconcile(all, at("05:30"))
    await reconcile([], at("05:40"))
    await reconcile(declared({ ...hourly, cron: "15 * * * *" }), at("06:20"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
    expect(await listSchedules()).toMatchObject([{ cron: "15 * * * *", slottedUntil: at("06:20") }])
    expect(await alarms().getJobSchedulers()).toMatchObject([{ pattern: "15 * * * *" }])
  })

  test("asks for the slot again of which the run could not be asked for", async () => {
    await reconcile(all, at("05:30"))
    await reconcile([], at("05:40"))
    await reconcile(declared({ ...hourly, payload: () => ({ slot: "soon" }) }), at("06:10"))
    expect(await listSchedules()).toMatchObject([{ slottedUntil: at("05:30") }])
    await reconcile(all, at("06:20"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
  })
})

describe("of an old release and a new one that run side by side", () => {
  const once = { name: "once", cron: "50 5 * * *" }
  const older = declared(hourly, { name: "former", cron: "0 3 * * *" })
  const newer = declared({ ...hourly, cron: "15 * * * *" }, once)

  const state = async () => ({
    rules: (await listSchedules()).map(({ name, cron }) => `${name} ${cron}`),
    alarms: (await alarmsByName()).map(({ key, pattern }) => `${key} ${pattern}`),
  })
  const as = (...rules: string[]) => ({ rules, alarms: rules })
  const asOlder = as("former 0 3 * * *", "hourly 0 * * * *")
  const asNewer = as("hourly 15 * * * *", "once 50 5 * * *")

  /** Each looks every ten minutes, as its process does. */
  async function sideBySide(from: string, hours: number, expected: typeof asOlder) {
    for (let minutes = 10; minutes <= hours * 60; minutes += 10) {
      const now = at(from).getTime() + minutes * 60_000
      await heal(older, new Date(now))
      expect(await state()).toEqual(expected)
      await heal(newer, new Date(now + 1_000))
      expect(await state()).toEqual(expected)
    }
  }

  test("the one started last has its way for as long as it runs", async () => {
    await reconcile(older, at("05:00"))
    await reconcile(newer, at("05:10"))
    await sideBySide("05:10", 3, asNewer)
    await reconcile(older, at("08:15"))
    await sideBySide("08:15", 3, asOlder)
  })

  test("the new one gets back what the old one has taken when it was started late and has gone, with the slot between", async () => {
    await reconcile(older, at("05:00"))
    await reconcile(newer, at("05:10"))
    await pauseSchedule("hourly", "ana", "too much")
    await reconcile(older, at("05:45"))
    expect(await state()).toEqual(asOlder)
    for (const time of ["05:50", "06:00", "06:10"]) {
      await heal(newer, at(time))
      expect(await state()).toEqual(asOlder)
    }
    await heal(newer, at("06:20"))
    expect(await state()).toEqual(asNewer)
    expect(await asked()).toEqual(["once-20261120T055000Z"])
    expect(await listSchedules()).toMatchObject([{ name: "hourly", pausedBy: "ana" }, { name: "once" }])
    await heal(newer, at("06:30"))
    expect(await asked()).toEqual(["once-20261120T055000Z"])
  })

  test("the new one keeps its way through an outage in which nobody is heard of, though the old one is back first", async () => {
    await reconcile(older, at("05:00"))
    await reconcile(newer, at("05:10"))
    await sideBySide("05:10", 1, asNewer)
    await heal(older, at("06:50"), at("06:10"))
    expect(await state()).toEqual(asNewer)
    await heal(newer, at("06:51"), at("06:10"))
    await sideBySide("06:51", 1, asNewer)
  })

  test("what the old one alone declares goes for good with its last process", async () => {
    await reconcile(newer, at("05:00"))
    await reconcile(older, at("05:10"))
    await heal(newer, at("05:40"))
    expect(await state()).toEqual(asNewer)
    await heal(newer, at("06:40"))
    expect(await holdSchedules(pool())).toMatchObject([
      { name: "former", removedAt: at("05:40") },
      { name: "hourly", removedAt: null },
      { name: "once", removedAt: null },
    ])
  })

  test("one is had whole, of twenty started at a time", async () => {
    const boots = Array.from({ length: 20 }, (_, index) => (index % 2 ? older : newer))
    await Promise.all(boots.map((release) => reconcile(release, at("05:00"))))
    expect([asOlder, asNewer]).toContainEqual(await state())
  })
})

test("a schedule of which PostgreSQL has lost all is put down anew by a process that runs", async () => {
  await reconcile(declared(hourly), at("05:30"))
  await pool()`delete from schedules`
  await heal(declared(hourly), at("05:40"))
  expect([await names(), await alarmNames()]).toEqual([["hourly"], ["hourly"]])
})
