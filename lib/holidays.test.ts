import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { addDays, daysBetween, weekday } from "./days.ts"
import { easterOf, holidaysOf, isBusinessDay, nextBusinessDay } from "./holidays.ts"

const day = fc
  .date({ min: new Date("2000-01-01T00:00:00Z"), max: new Date("2099-12-31T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe("Easter", () => {
  test.each([
    "1818-03-22",
    "1943-04-25",
    "2000-04-23",
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2038-04-25",
    "2285-03-22",
  ])("was or will be %s", (easter) => expect(easterOf(Number(easter.slice(0, 4)))).toBe(easter))

  test("is a Sunday between 22 March and 25 April", () => {
    for (let year = 1583; year <= 2600; year++) {
      const easter = easterOf(year)
      expect(weekday(easter)).toBe(0)
      expect(easter >= `${year}-03-22` && easter <= `${year}-04-25`).toBe(true)
    }
  })
})

test("the holidays of a year are those on which banks are closed in all of Brazil", () => {
  expect([...holidaysOf(2026).keys()].sort()).toEqual([
    "2026-01-01",
    "2026-02-16",
    "2026-02-17",
    "2026-04-03",
    "2026-04-21",
    "2026-05-01",
    "2026-06-04",
    "2026-09-07",
    "2026-10-12",
    "2026-11-02",
    "2026-11-15",
    "2026-11-20",
    "2026-12-25",
  ])
  expect(holidaysOf(2025).get("2025-06-19")).toBe("Corpus Christi")
  // When both fall on one day, it is one holiday.
  expect(holidaysOf(2000).size).toBe(11)
})

test("20 November is a holiday since 2024", () => {
  expect(isBusinessDay("2023-11-20")).toBe(true)
  expect(isBusinessDay("2024-11-20")).toBe(false)
})

describe("what is due on a day can be paid", () => {
  test.each([
    ["on it when it is a business day", "2026-02-10", "2026-02-10"],
    ["on Monday when it is a Saturday", "2026-10-10", "2026-10-13"],
    ["on Wednesday when it is the Saturday before carnival", "2026-02-14", "2026-02-18"],
    ["on Monday when it is Good Friday", "2026-04-03", "2026-04-06"],
    ["in the next year when the last day of one is a Sunday", "2028-12-31", "2029-01-02"],
    ["on Thursday when the year begins on a Wednesday", "2025-01-01", "2025-01-02"],
  ])("%s", (_, due, until) => expect(nextBusinessDay(due)).toBe(until))

  test("until the first business day from it on, which is four days away at most", () => {
    fc.assert(
      fc.property(day, (due) => {
        const until = nextBusinessDay(due)
        const later = daysBetween(due, until)
        expect(later).toBeWithin(0, 5)
        expect(isBusinessDay(until)).toBe(true)
        expect(Array.from({ length: later }, (_, days) => isBusinessDay(addDays(due, days)))).not.toContain(
          true,
        )
        expect(nextBusinessDay(until)).toBe(until)
      }),
      { numRuns: 2_000 },
    )
  })
})
