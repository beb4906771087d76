import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { inOrder, MAKE_UP_DAYS, placeOf, type Stages, stageDue } from "./stages.ts"

const usual: Stages = { before: [3, 1], overdue: [1, 5, 15], finalNotice: 30 }

/** The stages of which a renter is told, day by day, when nobody misses a day but those that are left out. */
function told(stages: Stages, days: number[]) {
  let sent: number | undefined
  return days.flatMap((day) => {
    const stage = stageDue(stages, day, sent)
    if (!stage) return []
    sent = placeOf(stage)
    return [`${day}: ${stage.type} ${stage.days}`]
  })
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe("the stages of a payment", () => {
  test("come on their days, each once", () => {
    expect(told(usual, range(-40, 400))).toEqual([
      "-3: upcoming 3",
      "-1: upcoming 1",
      "1: overdue 1",
      "5: overdue 5",
      "15: overdue 15",
      "30: final-notice 30",
    ])
  })

  test("that were missed are made up for, unless another has come meanwhile", () => {
    expect(
      told(
        usual,
        range(-40, 400).filter((day) => ![-3, -1, 5, 6, 15].includes(day)),
      ),
    ).toEqual([
      "-2: upcoming 3",
      "0: upcoming 1",
      "1: overdue 1",
      "7: overdue 5",
      "16: overdue 15",
      "30: final-notice 30",
    ])
    expect(told(usual, [-10, 6, 29, 38])).toEqual(["6: overdue 5"])
    expect(told(usual, [37])).toEqual(["37: final-notice 30"])
  })

  test("end with the final notice, which nothing that is told by hand keeps back", () => {
    expect(stageDue(usual, 30, placeOf({ type: "overdue", days: 30 }))).toEqual({
      type: "final-notice",
      days: 30,
    })
    const last = placeOf({ type: "final-notice", days: 3 })
    for (const day of range(-3, 60)) expect(stageDue(usual, day, last)).toBeUndefined()
  })

  test("are as an agency wants them", () => {
    expect(told({ before: [], overdue: [], finalNotice: null }, range(-40, 400))).toEqual([])
    expect(told({ before: [0], overdue: [10, 2], finalNotice: null }, range(-40, 400))).toEqual([
      "0: upcoming 0",
      "2: overdue 2",
      "10: overdue 10",
    ])
  })

  const days = (lowest: number, highest: number) =>
    fc.uniqueArray(fc.integer({ min: lowest, max: highest }), { maxLength: 10 })
  const anyStages = fc.record({
    before: days(0, 60),
    overdue: days(1, 100),
    finalNotice: fc.option(fc.integer({ min: 101, max: 365 })),
  })

  test("are each told at most once, in their order, none before its day and none long after, whichever days are missed", () => {
    fc.assert(
      fc.property(anyStages, fc.uniqueArray(fc.integer({ min: -70, max: 400 })), (stages, some) => {
        let sent: number | undefined
        for (const day of some.sort((one, other) => one - other)) {
          const stage = stageDue(stages, day, sent)
          if (!stage) continue
          const place = placeOf(stage)
          expect(place).toBeGreaterThan(sent ?? Number.NEGATIVE_INFINITY)
          expect(stage.type === "upcoming" ? -stage.days : stage.days).toBeLessThanOrEqual(day)
          expect(stage.type === "upcoming" ? day <= 0 : day - stage.days <= MAKE_UP_DAYS).toBe(true)
          expect(inOrder(stages)).toContainEqual(stage)
          sent = place
        }
      }),
    )
  })

  test("are all told when no day is missed", () => {
    fc.assert(
      fc.property(anyStages, (stages) => {
        expect(told(stages, range(-70, 400)).map((line) => line.split(": ")[1])).toEqual(
          inOrder(stages).map(({ type, days }) => `${type} ${days}`),
        )
      }),
    )
  })
})
