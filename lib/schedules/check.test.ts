import { describe, expect, test } from "bun:test"
import { z } from "zod"
import { ConfigurationError } from "../errors.ts"
import { defineJob, type ScheduleDefinition } from "../jobs/define.ts"
import { checkSchedules } from "./check.ts"
import { schedulesOf } from "./declared.ts"

const sweep = (...schedules: Omit<ScheduleDefinition, "payload">[]) =>
  defineJob({
    name: "sweep",
    summary: "",
    payload: z.object({ slot: z.string() }),
    result: z.null(),
    example: { slot: "" },
    concurrency: 1,
    schedules: schedules.map((schedule) => ({
      ...schedule,
      payload: (slot) => ({ slot: slot.toISOString() }),
    })),
  })
const complaint = (...schedules: Omit<ScheduleDefinition, "payload">[]) => {
  try {
    checkSchedules(schedulesOf([sweep(...schedules)]))
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as Error).message
  }
}

describe("at boot", () => {
  test("schedules that are right are let pass, and so are those there are", () => {
    expect(
      complaint({ name: "sweep-daily", cron: "0 9 * * *" }, { name: "sweep-2", cron: "*/5 * * * *" }),
    ).toBe(undefined)
    checkSchedules()
  })

  test.each([
    [
      { name: "bad", cron: "0 25 * * *" },
      "the schedule bad of sweep is not right: 0 25 * * * is not a cron rule",
    ],
    [
      { name: "far", cron: "0 9 * * *", zone: "Mars/Olympus" },
      "the schedule far of sweep is not right: there is no zone Mars/Olympus",
    ],
    [
      { name: "Loud", cron: "0 9 * * *" },
      "the schedule Loud of sweep is not right: its name has to be of lower-case words",
    ],
    [{ name: "a-", cron: "0 9 * * *" }, "the schedule a- of sweep is not right: its name has to be"],
  ])("one that is not is named: %j", (schedule, message) => {
    expect(complaint(schedule)).toContain(message)
  })

  test("all that is wrong is told in one sentence, names taken twice too", () => {
    const rule = { cron: "0 9 * * *" }
    expect(
      complaint({ name: "twice", ...rule }, { name: "bad", cron: "never" }, { name: "twice", ...rule }),
    ).toMatch(
      /^Cannot start: the schedule bad of sweep .+; the schedule twice of sweep is not right: its name is taken by a schedule of sweep\.$/,
    )
  })
})

test("what a schedule leaves unsaid is São Paulo's time, no overlap, and the latest missed slot", () => {
  expect(schedulesOf([sweep({ name: "plain", cron: "0 9 * * *" })])).toMatchObject([
    { name: "plain", zone: "America/Sao_Paulo", overlap: "skip", missed: "latest", job: { name: "sweep" } },
  ])
})
