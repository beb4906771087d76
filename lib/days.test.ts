import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { addDays, addMonths, dayIn, dayOfMonth, daysBetween, monthOf, weekday } from "./days.ts"

const day = fc
  .date({ min: new Date("1990-01-01T00:00:00Z"), max: new Date("2090-12-31T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe("a day", () => {
  test("is that of the zone's own calendar", () => {
    const late = new Date("2025-12-10T02:30:00Z")
    expect(dayIn("America/Sao_Paulo", late)).toBe("2025-12-09")
    expect(dayIn("UTC", late)).toBe("2025-12-10")
    expect(dayIn("America/Sao_Paulo", new Date("2019-01-15T01:59:00Z"))).toBe("2019-01-14")
  })

  test("is as far from another as was added to it", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -40_000, max: 40_000 }), (start, days) => {
        expect(daysBetween(start, addDays(start, days))).toBe(days)
        expect((((weekday(addDays(start, days)) - weekday(start) - days) % 7) + 7) % 7).toBe(0)
      }),
    )
  })

  test("is counted over a leap day", () => {
    expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2)
    expect(addDays("2025-02-28", 1)).toBe("2025-03-01")
    expect(weekday("2026-11-22")).toBe(0)
  })
})

describe("a month", () => {
  test("is followed by the next across the end of a year", () => {
    expect(addMonths("2025-12", 1)).toBe("2026-01")
    expect(addMonths("2026-01", -13)).toBe("2024-12")
    expect(monthOf("2026-02-10")).toBe("2026-02")
  })

  test("has a last day for a due day that it lacks", () => {
    expect(dayOfMonth("2026-02", 31)).toBe("2026-02-28")
    expect(dayOfMonth("2024-02", 30)).toBe("2024-02-29")
    expect(dayOfMonth("2026-04", 31)).toBe("2026-04-30")
    expect(dayOfMonth("2026-12", 31)).toBe("2026-12-31")
    expect(dayOfMonth("2026-12", 5)).toBe("2026-12-05")
  })
})
