import { describe, expect, test } from "bun:test"
import { dueSlots } from "./due.ts"

const hourly = { cron: "0 * * * *", zone: "UTC" }
const at = (time: string) => new Date(`2026-11-23T${time}:00Z`)
const hours = (slots: Date[]) => slots.map((slot) => slot.getUTCHours())

describe("after an outage of six hours", () => {
  const after = (missed: "skip" | "latest" | "all", until: string) =>
    dueSlots(missed, hourly, at("05:30"), at(until))

  test("all slots are due, oldest first, where all are made up for", () => {
    const { due, newest, isCut } = after("all", "11:30")
    expect(hours(due)).toEqual([6, 7, 8, 9, 10, 11])
    expect(newest).toEqual(at("11:00"))
    expect(isCut).toBe(false)
  })

  test("the latest is due where that is made up for", () => {
    expect(hours(after("latest", "11:30").due)).toEqual([11])
  })

  test("none is due where none is made up for, and yet all have been dealt with", () => {
    expect(after("skip", "11:30")).toMatchObject({ due: [], newest: at("11:00") })
  })

  test("a slot not older than five minutes has not been missed", () => {
    expect(hours(after("skip", "11:05").due)).toEqual([11])
    expect(hours(after("skip", "11:06").due)).toEqual([])
  })
})

test("where no slot has come, nothing is due", () => {
  expect(dueSlots("all", hourly, at("05:00"), at("05:59"))).toEqual({
    due: [],
    newest: undefined,
    isCut: false,
  })
})

test("of more than a thousand slots the newest thousand are due, and that some are left out is told", () => {
  const { due, isCut } = dueSlots("all", { cron: "* * * * *", zone: "UTC" }, at("00:00"), at("16:41"))
  expect([due.length, due[0], due.at(-1), isCut]).toEqual([1_000, at("00:02"), at("16:41"), true])
  expect(dueSlots("all", { cron: "* * * * *", zone: "UTC" }, at("00:00"), at("16:40")).isCut).toBe(false)
})
