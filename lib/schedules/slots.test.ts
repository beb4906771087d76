import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { newestSlots, nextSlot, problemOf, repeatStrategy, slotsBetween } from "./slots.ts"

const slots = (cron: string, zone: string, after: string, until: string) =>
  slotsBetween({ cron, zone }, new Date(after), new Date(until)).map((slot) =>
    slot.toISOString().slice(5, 16),
  )

const HOUR = 3_600_000

describe("where clocks are put forward", () => {
  test.each([
    // New York leaves out 02:00 to 03:00, Lisbon 01:00 to 02:00, Santiago 00:00 to 01:00, Lord Howe 02:00 to 02:30.
    ["America/New_York", "30 2 * * *", "03-07T12:00", ["03-08T07:00", "03-09T06:30"]],
    ["America/New_York", "0 2 * * *", "03-07T12:00", ["03-08T07:00", "03-09T06:00"]],
    ["America/New_York", "0 3 * * *", "03-07T12:00", ["03-08T07:00", "03-09T07:00"]],
    [
      "America/New_York",
      "30 2,14 * * *",
      "03-07T20:00",
      ["03-08T07:00", "03-08T18:30", "03-09T06:30", "03-09T18:30"],
    ],
    ["Europe/Lisbon", "30 1 * * *", "03-28T12:00", ["03-29T01:00", "03-30T00:30"]],
    ["Europe/Lisbon", "0 2 * * *", "03-28T12:00", ["03-29T01:00", "03-30T01:00"]],
    ["America/Santiago", "0 0 * * *", "09-05T12:00", ["09-06T04:00", "09-07T03:00"]],
    ["America/Santiago", "30 0 * * *", "09-05T12:00", ["09-06T04:00", "09-07T03:30"]],
    ["America/Santiago", "0 0 * * 0", "09-05T12:00", ["09-06T04:00"]],
    ["America/Santiago", "0 0 6 9 *", "09-05T12:00", ["09-06T04:00"]],
    ["Australia/Lord_Howe", "15 2 * * *", "10-03T00:00", ["10-03T15:30", "10-04T15:15"]],
  ])("in %s, every slot of %s comes once", (zone, cron, from, expected) => {
    const after = `2026-${from}:00Z`
    const until = new Date(Date.parse(after) + 48 * HOUR).toISOString()
    expect(slots(cron, zone, after, until)).toEqual(expected)
  })
})

describe("where clocks are put back", () => {
  test.each([
    // New York has 01:00 to 02:00 twice, Lisbon 01:00 to 02:00, Santiago 23:00 to 24:00, Lord Howe 01:30 to 02:00.
    ["America/New_York", "30 1 * * *", "10-31T12:00", ["11-01T05:30", "11-02T06:30"]],
    ["America/New_York", "0 1 * * *", "10-31T12:00", ["11-01T05:00", "11-02T06:00"]],
    ["America/New_York", "0 2 * * *", "10-31T12:00", ["11-01T07:00", "11-02T07:00"]],
    [
      "America/New_York",
      "30 1,13 * * *",
      "10-31T20:00",
      ["11-01T05:30", "11-01T18:30", "11-02T06:30", "11-02T18:30"],
    ],
    ["Europe/Lisbon", "30 1 * * *", "10-24T12:00", ["10-25T00:30", "10-26T01:30"]],
    ["Europe/Lisbon", "0 1 * * *", "10-24T12:00", ["10-25T00:00", "10-26T01:00"]],
    ["America/Santiago", "30 23 * * *", "04-04T12:00", ["04-05T02:30", "04-06T03:30"]],
    ["America/Santiago", "0 0 * * *", "04-04T12:00", ["04-05T04:00", "04-06T04:00"]],
    ["Australia/Lord_Howe", "45 1 * * *", "04-04T00:00", ["04-04T14:45", "04-05T15:15"]],
  ])("in %s, every slot of %s comes once", (zone, cron, from, expected) => {
    const after = `2026-${from}:00Z`
    const until = new Date(Date.parse(after) + 48 * HOUR).toISOString()
    expect(slots(cron, zone, after, until)).toEqual(expected)
  })
})

test.each([
  ["America/New_York", "2026-03-07T12:30:00Z"],
  ["America/New_York", "2026-10-31T12:30:00Z"],
  ["Europe/Lisbon", "2026-03-28T12:30:00Z"],
  ["Europe/Lisbon", "2026-10-24T12:30:00Z"],
  ["America/Santiago", "2026-09-05T12:30:00Z"],
  ["America/Santiago", "2026-04-04T12:30:00Z"],
])("in %s, from %s on, an hourly slot comes in every hour that passes", (zone, after) => {
  const from = Date.parse(after)
  const came = slotsBetween({ cron: "0 * * * *", zone }, new Date(from), new Date(from + 48 * HOUR))
  expect(came.map(Number)).toEqual(Array.from({ length: 48 }, (_, hour) => from + HOUR / 2 + hour * HOUR))
})

describe("of any rule", () => {
  const rule = fc.record({
    cron: fc.constantFrom(
      "* * * * *",
      "*/7 * * * *",
      "0 * * * *",
      "30 */6 * * *",
      "0 0 * * *",
      "30 1 * * *",
      "15 2,14 * * *",
      "0 8 * * 1",
      "0 0 1 * *",
      "0 0 29 2 *",
      "0 12 13 * 5",
    ),
    zone: fc.constantFrom(
      "America/Sao_Paulo",
      "America/New_York",
      "Europe/Lisbon",
      "America/Santiago",
      "Australia/Lord_Howe",
      "UTC",
    ),
  })
  const around = fc.constantFrom(
    "2026-03-08",
    "2026-03-29",
    "2026-04-05",
    "2026-09-06",
    "2026-10-25",
    "2026-11-01",
  )
  const moment = fc
    .tuple(around, fc.integer({ min: -36 * HOUR, max: 36 * HOUR }))
    .map(([day, offset]) => Date.parse(day) + offset)
  const moments = fc.tuple(moment, fc.nat(20 * HOUR), fc.nat(20 * HOUR))

  test("what comes in two spans on end is what comes in both together", () => {
    fc.assert(
      fc.property(rule, moments, (rule, [start, first, second]) => {
        const [a, b, c] = [new Date(start), new Date(start + first), new Date(start + first + second)]
        expect([...slotsBetween(rule, a, b), ...slotsBetween(rule, b, c)]).toEqual(slotsBetween(rule, a, c))
      }),
      { numRuns: 300 },
    )
  })

  test("a slot is a full minute, later than the moment asked for, and nothing lies between", () => {
    fc.assert(
      fc.property(rule, moment, (rule, after) => {
        const slot = nextSlot(rule, new Date(after))!.getTime()
        expect(slot % 60_000).toBe(0)
        expect(slot).toBeGreaterThan(after)
        expect(nextSlot(rule, new Date(slot - 1))?.getTime()).toBe(slot)
        expect(repeatStrategy(after, { pattern: rule.cron, tz: rule.zone })).toBe(slot)
      }),
      { numRuns: 300 },
    )
  })

  test("the newest ones are the end of all", () => {
    fc.assert(
      fc.property(rule, moments, fc.integer({ min: 1, max: 50 }), (rule, [start, span], most) => {
        const [after, until] = [new Date(start), new Date(start + span)]
        expect(newestSlots(rule, after, until, most)).toEqual(slotsBetween(rule, after, until).slice(-most))
      }),
      { numRuns: 200 },
    )
  })
})

test("the newest slots of a year of minutes are found without counting them", () => {
  const rule = { cron: "* * * * *", zone: "America/Sao_Paulo" }
  const began = performance.now()
  const newest = newestSlots(rule, new Date("2025-01-01"), new Date("2026-01-01"), 1_001)
  expect(newest).toHaveLength(1_001)
  expect(newest.at(-1)).toEqual(new Date("2026-01-01"))
  expect(performance.now() - began).toBeLessThan(2_000)
})

test.each([
  ["61 * * * *", "UTC", "61 * * * * is not a cron rule of minute, hour, day of month, month and day of week"],
  [
    "0 0 * * * *",
    "UTC",
    "0 0 * * * * is not a cron rule of minute, hour, day of month, month and day of week",
  ],
  ["", "UTC", " is not a cron rule of minute, hour, day of month, month and day of week"],
  ["0 0 30 2 *", "UTC", "the cron rule 0 0 30 2 * never comes"],
  ["0 0 * * *", "America/Curitiba", "there is no zone America/Curitiba"],
  ["0 0 * * *", "America/Sao_Paulo", undefined],
])("what is wrong with the rule %j in %s is told", (cron, zone, problem) => {
  expect(problemOf({ cron, zone })).toBe(problem)
})
