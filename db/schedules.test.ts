import { beforeEach, describe, expect, test } from "bun:test"
import { UnknownSchedule } from "../lib/schedules/unknown.ts"
import { pool } from "./pool.ts"
import {
  declareSchedule,
  holdSchedule,
  holdSchedules,
  listSchedules,
  markSlotted,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
  upholdSchedules,
} from "./schedules.ts"

const daily = { name: "daily", job: "sweep", cron: "0 9 * * *", zone: "America/Sao_Paulo" }
const yesterday = new Date(Math.floor(Date.now() / 1_000 - 86_400) * 1_000)

beforeEach(async () => {
  await pool()`truncate schedules`
  await declareSchedule(daily, yesterday)
})

const row = async () => (await listSchedules())[0]!

test("a schedule is listed with its rule, how far it has come, and its next slot", async () => {
  expect(await listSchedules()).toEqual([
    {
      ...daily,
      slottedUntil: yesterday,
      lastRunId: null,
      pausedAt: null,
      pausedBy: null,
      pauseReason: null,
      nextSlot: expect.any(Date),
    },
  ])
  const { nextSlot } = await row()
  expect(nextSlot!.getUTCHours()).toBe(12)
  expect(nextSlot!.getTime() - Date.now()).toBeWithin(0, 86_400_001)
})

test("a schedule declared anew keeps its last run and its pause, and goes back to no slot", async () => {
  await markSlotted("daily", new Date(), "daily-20261120T120000Z")
  await pauseSchedule("daily", "ana")
  const { slottedUntil } = await row()
  await declareSchedule({ ...daily, cron: "0 10 * * *" }, yesterday)
  expect(await row()).toMatchObject({
    cron: "0 10 * * *",
    slottedUntil,
    lastRunId: "daily-20261120T120000Z",
    pausedBy: "ana",
  })
})

describe("a schedule that is paused", () => {
  test("says by whom and why, and keeps to the first to do so", async () => {
    await pauseSchedule("daily", "ana", "the bank is closed")
    const { pausedAt } = await row()
    await pauseSchedule("daily", "bia", "another reason")
    expect(await row()).toMatchObject({ pausedAt, pausedBy: "ana", pauseReason: "the bank is closed" })
  })

  test("takes up from now on when it is resumed", async () => {
    await pauseSchedule("daily", "ana", "the bank is closed")
    const before = Date.now()
    await resumeSchedule("daily", "bia")
    expect(await row()).toMatchObject({ pausedAt: null, pausedBy: null, pauseReason: null })
    expect((await row()).slottedUntil.getTime()).toBeGreaterThanOrEqual(before)
  })
})

test("one that was not paused is not set back, nor forward, by being resumed", async () => {
  await resumeSchedule("daily", "ana")
  expect((await row()).slottedUntil).toEqual(yesterday)
})

test("one that is not there cannot be paused or resumed, and those that are, are named", async () => {
  const error = new UnknownSchedule("dayly", ["daily"])
  expect(error.message).toBe('No schedule "dayly": the schedules are daily')
  await expect(pauseSchedule("dayly", "ana")).rejects.toEqual(error)
  await expect(resumeSchedule("dayly", "ana")).rejects.toEqual(error)
})

describe("a schedule that is removed", () => {
  beforeEach(async () => {
    await markSlotted("daily", yesterday, "daily-20261120T120000Z")
    await pauseSchedule("daily", "ana", "the bank is closed")
    await removeSchedule("daily", new Date())
  })

  test("is not listed, not held by its name, and cannot be paused or resumed", async () => {
    expect(await listSchedules()).toEqual([])
    expect(await holdSchedule("daily", pool())).toBeUndefined()
    const error = new UnknownSchedule("daily", [])
    await expect(pauseSchedule("daily", "bia")).rejects.toEqual(error)
    await expect(resumeSchedule("daily", "bia")).rejects.toEqual(error)
  })

  test("is kept as it was, with the time", async () => {
    const [kept] = await holdSchedules(pool())
    expect(kept).toMatchObject({ ...daily, slottedUntil: yesterday, pausedBy: "ana" })
    expect(Date.now() - kept!.removedAt!.getTime()).toBeWithin(0, 60_000)
  })

  test("comes back with its pause when it is declared again", async () => {
    await declareSchedule(daily, yesterday)
    expect(await row()).toMatchObject({
      slottedUntil: yesterday,
      lastRunId: "daily-20261120T120000Z",
      pausedBy: "ana",
      pauseReason: "the bank is closed",
    })
  })
})

test("a process upholds what it names, and nothing else", async () => {
  await declareSchedule({ ...daily, name: "weekly" }, yesterday)
  const moment = new Date("2026-11-20T06:00:00Z")
  await upholdSchedules(["weekly", "monthly"], moment)
  const [first, second] = await holdSchedules(pool())
  expect(first!.upheldAt).not.toEqual(moment)
  expect(second!.upheldAt).toEqual(moment)
})
