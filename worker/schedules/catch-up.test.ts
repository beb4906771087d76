import { beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import {
  declareSchedule,
  holdSchedule,
  listSchedules,
  pauseSchedule,
  resumeSchedule,
} from "../../db/schedules.ts"
import { findRun } from "../../lib/runs.ts"
import type { DeclaredSchedule } from "../../lib/schedules/declared.ts"
import { catchUp } from "./catch-up.ts"
import { asked, at, declared, startAfresh, sweeps, type sweepWith } from "./testing.ts"

beforeEach(startAfresh)

/** A schedule that was declared at 05:30. */
async function declare(schedule: Parameters<typeof sweepWith>[0]) {
  const [made] = declared(schedule)
  await declareSchedule({ ...made!, job: made!.job.name }, at("05:30"))
  return made!
}

const ring = (schedule: DeclaredSchedule, now: Date, then: () => void = () => undefined) =>
  pool().begin(async (tx) => {
    await catchUp(schedule, (await holdSchedule(schedule.name, tx))!, now, tx)
    then()
  })

const row = async () => (await listSchedules())[0]!

test("a slot is asked for under an id of its own, with a payload that tells it, and its schedule's name", async () => {
  const hourly = await declare({ name: "hourly" })
  await ring(hourly, at("06:00"))
  expect(await findRun(hourly.job, "hourly-20261120T060000Z")).toMatchObject({
    jobId: "hourly-20261120T060000Z",
    name: "hourly",
    status: "waiting",
    data: { slot: "2026-11-20T06:00:00.000Z" },
  })
  expect(await row()).toMatchObject({ slottedUntil: at("06:00"), lastRunId: "hourly-20261120T060000Z" })
})

test("what has been dealt with is not asked for again, and what has not come not yet", async () => {
  const hourly = await declare({ name: "hourly" })
  await ring(hourly, at("05:59"))
  expect(await asked()).toEqual([])
  for (const now of ["06:00", "06:00", "06:30", "06:59"]) await ring(hourly, at(now))
  expect(await asked()).toEqual(["hourly-20261120T060000Z"])
})

describe("after an outage of six hours", () => {
  test.each([
    ["all", [6, 7, 8, 9, 10, 11]],
    ["latest", [11]],
    ["skip", []],
  ] as const)("with `missed: %s` the slots of %j are asked for", async (missed, hours) => {
    const hourly = await declare({ name: "hourly", missed })
    await ring(hourly, at("11:30"))
    expect(await asked()).toEqual(
      hours.map((hour) => `hourly-20261120T${String(hour).padStart(2, "0")}0000Z`),
    )
    expect((await row()).slottedUntil).toEqual(at("11:00"))
    await ring(hourly, at("12:00"))
    expect(await asked()).toContain(missed === "skip" ? "hourly-20261120T120000Z" : "hourly-20261120T110000Z")
  })

  test("they are done oldest first", async () => {
    await ring(await declare({ name: "hourly", missed: "all" }), at("11:30"))
    const waiting = await sweeps().getJobs(["prioritized"], 0, -1, true)
    expect(waiting.map(({ id }) => id)).toEqual(await asked())
  })
})

test("of more than a thousand missed slots the newest thousand are asked for", async () => {
  const often = await declare({ name: "often", cron: "* * * * *", missed: "all" })
  await ring(often, new Date(at("05:30").getTime() + 1_234 * 60_000))
  const ids = await asked()
  expect(ids).toHaveLength(1_000)
  expect(ids[0]).toBe("often-20261120T092500Z")
})

describe("a schedule whose last run has not ended", () => {
  test("passes its slot over", async () => {
    const hourly = await declare({ name: "hourly", overlap: "skip" })
    await ring(hourly, at("06:00"))
    await ring(hourly, at("07:00"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z"])
    expect(await row()).toMatchObject({ slottedUntil: at("07:00"), lastRunId: "hourly-20261120T060000Z" })
  })

  test("asks for the next run once it has", async () => {
    const hourly = await declare({ name: "hourly", overlap: "skip" })
    await ring(hourly, at("06:00"))
    await (await sweeps().getJob("hourly-20261120T060000Z"))!.remove()
    await ring(hourly, at("07:00"))
    expect(await asked()).toEqual(["hourly-20261120T070000Z"])
  })

  test("has the next one wait its turn where they may queue", async () => {
    const hourly = await declare({ name: "hourly", overlap: "queue" })
    await ring(hourly, at("06:00"))
    await ring(hourly, at("07:00"))
    expect(await asked()).toEqual(["hourly-20261120T060000Z", "hourly-20261120T070000Z"])
  })
})

test("a run that Redis has forgotten and the ledger has not is not asked for again", async () => {
  const hourly = await declare({ name: "hourly", missed: "all" })
  await pool()`
    insert into runs (id, queue, name, status, priority, payload, attempts, asked_at, finished_at)
    values ('hourly-20261120T060000Z', 'sweep', 'hourly', 'completed', 5, '{}', 1, now(), now())
  `
  await ring(hourly, at("07:30"))
  expect(await asked()).toEqual(["hourly-20261120T070000Z"])
})

test("a process that dies between asking and keeping account asks twice for one and the same run", async () => {
  const hourly = await declare({ name: "hourly" })
  const dies = () => {
    throw new Error("killed")
  }
  await expect(ring(hourly, at("06:00"), dies)).rejects.toThrow("killed")
  expect(await asked()).toEqual(["hourly-20261120T060000Z"])
  expect((await row()).slottedUntil).toEqual(at("05:30"))
  await ring(hourly, at("06:00"))
  expect(await asked()).toEqual(["hourly-20261120T060000Z"])
  expect((await row()).slottedUntil).toEqual(at("06:00"))
})

test("twenty workers that come to a slot at a time ask for one run", async () => {
  const hourly = await declare({ name: "hourly", overlap: "queue" })
  await Promise.all(Array.from({ length: 20 }, () => ring(hourly, at("06:00"))))
  expect(await asked()).toEqual(["hourly-20261120T060000Z"])
  expect(await sweeps().getJobCountByTypes("prioritized")).toBe(1)
})

test("the slots of a paused schedule pass, and are not made up for when it is resumed", async () => {
  const hourly = await declare({ name: "hourly", missed: "all" })
  await pauseSchedule("hourly", "ana", "too much")
  await ring(hourly, at("07:00"))
  expect(await row()).toMatchObject({ slottedUntil: at("07:00"), pausedBy: "ana", pauseReason: "too much" })
  await resumeSchedule("hourly", "bia")
  await ring(hourly, at("08:00"))
  expect(await asked()).toEqual([])
  expect((await row()).slottedUntil.getTime()).toBeGreaterThan(Date.now() - 60_000)
})

test("a slot whose payload the job does not take is asked for again, not passed over", async () => {
  const broken = await declare({ name: "hourly", payload: () => ({ slot: "soon" }) })
  await expect(ring(broken, at("06:00"))).rejects.toThrow("Bad payload for sweep: slot")
  expect((await row()).slottedUntil).toEqual(at("05:30"))
})
