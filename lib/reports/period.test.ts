import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { addDays, dayIn, daysBetween, weekday } from "../days.ts"
import { latestPeriod, periodBefore } from "./period.ts"

const SAO_PAULO = "America/Sao_Paulo"

describe("the latest period that was over", () => {
  test.each([
    ["daily", "2026-03-01T03:00:00Z", SAO_PAULO, "2026-02-28", "2026-02-28"],
    // Still the evening of the day before, where it is asked for.
    ["daily", "2026-03-01T02:59:59Z", SAO_PAULO, "2026-02-27", "2026-02-27"],
    ["daily", "2024-03-01T12:00:00Z", SAO_PAULO, "2024-02-29", "2024-02-29"],
    ["daily", "2026-01-01T03:00:00Z", SAO_PAULO, "2025-12-31", "2025-12-31"],
    // Monday at eight: the week that ended the night before.
    ["weekly", "2026-02-09T11:00:00Z", SAO_PAULO, "2026-02-02", "2026-02-08"],
    ["weekly", "2026-02-08T11:00:00Z", SAO_PAULO, "2026-01-26", "2026-02-01"],
    ["weekly", "2026-01-01T11:00:00Z", SAO_PAULO, "2025-12-22", "2025-12-28"],
    ["monthly", "2026-03-01T11:00:00Z", SAO_PAULO, "2026-02-01", "2026-02-28"],
    ["monthly", "2026-03-01T02:00:00Z", SAO_PAULO, "2026-01-01", "2026-01-31"],
    ["monthly", "2026-01-15T11:00:00Z", SAO_PAULO, "2025-12-01", "2025-12-31"],
    ["monthly", "2026-02-28T23:30:00Z", "Pacific/Auckland", "2026-02-01", "2026-02-28"],
    ["yearly", "2026-07-01T00:00:00Z", SAO_PAULO, "2025-01-01", "2025-12-31"],
    ["yearly", "2027-01-01T02:00:00Z", SAO_PAULO, "2025-01-01", "2025-12-31"],
  ] as const)("%s at %s in %s", (type, at, zone, start, end) => {
    expect(latestPeriod(type, new Date(at), zone)).toEqual({ start, end })
  })

  test("ends before the day it is asked for on, and the next begins where it ends", () => {
    const moment = fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
    const kind = fc.constantFrom("daily", "weekly", "monthly", "yearly" as const)
    const zone = fc.constantFrom(SAO_PAULO, "America/Manaus", "UTC", "Pacific/Kiritimati")
    fc.assert(
      fc.property(kind, moment, zone, (type, at, zone) => {
        const { start, end } = latestPeriod(type, at, zone)
        expect(end < dayIn(zone, at)).toBe(true)
        expect(start <= end).toBe(true)
        // Asked for in the middle of the day after it, it is this one; a day earlier, the one before.
        const noon = (day: string) => new Date(`${day}T12:00:00Z`)
        expect(latestPeriod(type, noon(addDays(end, 1)), "UTC")).toEqual({ start, end })
        expect(latestPeriod(type, noon(end), "UTC").end).toBe(addDays(start, -1))
        if (type === "weekly") expect([weekday(start), daysBetween(start, end)]).toEqual([1, 6])
      }),
    )
  })
})

test.each([
  ["2026-02-10", "2026-02-10", "2026-02-09", "2026-02-09"],
  ["2026-02-02", "2026-02-08", "2026-01-26", "2026-02-01"],
  ["2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"],
  ["2026-01-01", "2026-01-31", "2025-12-01", "2025-12-31"],
  ["2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31"],
  ["2026-01-10", "2026-02-10", "2025-12-09", "2026-01-09"],
])("before %s to %s come %s to %s", (start, end, beforeStart, beforeEnd) => {
  expect(periodBefore({ start, end })).toEqual({ start: beforeStart, end: beforeEnd })
})
