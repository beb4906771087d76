import { beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { asRow, recordRuns } from "../../db/runs.ts"
import { letHome } from "../../db/testing-rentals.ts"
import { addDays } from "../../lib/days.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import type { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { testRun } from "../testing.ts"
import { remind } from "./remind.ts"
import { sweep } from "./sweep.ts"
import { askedFor, nine, reminders, startAfresh } from "./testing.ts"

beforeEach(startAfresh)

type Asked = Exclude<JobPayload<typeof paymentReminder>, { type: "sweep" }>

/** Sweep at a moment, and do what was asked for. */
async function pass(moment: Date) {
  const asked = await sweep(testRun(), moment)
  const runs = await askedFor("payment-reminder")
  for (const { id, payload } of runs) await remind(payload as Asked, testRun({ id }), moment)
  await pool()`truncate outbox`
  return asked
}

/** Every morning from one day to another. */
async function passDays(from: string, to: string) {
  for (let day = from; day <= to; day = addDays(day, 1)) await pass(nine(day))
}

const told = async () =>
  (await reminders()).map(({ day, stage, daysOverdue }) => `${day} ${stage} ${daysOverdue}`)

describe("a renter who does not pay is told", () => {
  test("of a due date at the end of a short month, with its final notice at the end of another", async () => {
    await letHome({ firstMonth: "2026-02", contract: { dueDay: 31 } })
    // Saturday, 28 February moves to Monday, 2 March.
    await passDays("2026-02-20", "2026-04-20")
    expect(await told()).toEqual([
      "2026-02-27 upcoming-3 -3",
      "2026-03-01 upcoming-1 -1",
      "2026-03-03 overdue-1 1",
      "2026-03-07 overdue-5 5",
      "2026-03-17 overdue-15 15",
      "2026-04-01 final-notice 30",
    ])
  })

  test.each([
    ["Carnival, whose Monday and Tuesday are none", "2026-02", 14, "2026-02-18"],
    ["Good Friday and the weekend after", "2026-04", 3, "2026-04-06"],
    ["Tiradentes", "2026-04", 21, "2026-04-22"],
    ["Corpus Christi", "2026-06", 4, "2026-06-05"],
    ["the day of Zumbi before a weekend", "2026-11", 20, "2026-11-23"],
    ["Christmas before a weekend", "2026-12", 25, "2026-12-28"],
    ["a leap day", "2024-02", 29, "2024-02-29"],
    ["a leap day that is asked for as the 31st", "2024-02", 31, "2024-02-29"],
    ["a leap day that is Carnival", "2028-02", 29, "2028-03-01"],
    ["the last day of a year and a new year before a weekend", "2026-01", 1, "2026-01-02"],
  ])("from the next business day on: %s", async (_, firstMonth, dueDay, payableUntil) => {
    await letHome({ firstMonth, contract: { dueDay, startDate: "2023-02-01" } })
    await passDays(addDays(payableUntil, -6), addDays(payableUntil, 7))
    expect(await told()).toEqual([
      `${addDays(payableUntil, -3)} upcoming-3 -3`,
      `${addDays(payableUntil, -1)} upcoming-1 -1`,
      `${addDays(payableUntil, 1)} overdue-1 1`,
      `${addDays(payableUntil, 5)} overdue-5 5`,
    ])
  })

  test("across the boundary of a year", async () => {
    await letHome({ firstMonth: "2026-12", contract: { dueDay: 31 } })
    await passDays("2026-12-25", "2027-02-10")
    expect(await told()).toEqual([
      "2026-12-28 upcoming-3 -3",
      "2026-12-30 upcoming-1 -1",
      "2027-01-01 overdue-1 1",
      "2027-01-05 overdue-5 5",
      "2027-01-15 overdue-15 15",
      "2027-01-30 final-notice 30",
    ])
  })
})

describe("the day is that of the agency's zone", () => {
  // Tuesday, 10 February 2026; São Paulo is three hours behind UTC, Noronha two, Rio Branco five.
  test.each([
    ["America/Noronha", "2026-02-11T01:59:59Z", []],
    ["America/Noronha", "2026-02-11T02:00:00Z", ["2026-02-11 overdue-1 1"]],
    ["America/Sao_Paulo", "2026-02-11T02:59:59Z", []],
    ["America/Sao_Paulo", "2026-02-11T03:00:00Z", ["2026-02-11 overdue-1 1"]],
    ["America/Rio_Branco", "2026-02-11T04:59:59Z", []],
    ["America/Rio_Branco", "2026-02-11T05:00:00Z", ["2026-02-11 overdue-1 1"]],
  ])("at midnight in %s, %s", async (timeZone, moment, expected) => {
    await letHome({ agency: { timeZone, reminderDaysBefore: [] } })
    await pass(new Date(moment))
    expect(await told()).toEqual(expected)
  })

  test("in one sweep for all: it is another day in each", async () => {
    for (const timeZone of ["America/Noronha", "America/Sao_Paulo", "America/Rio_Branco"])
      await letHome({ agency: { timeZone, reminderDaysBefore: [1] } })
    expect(await pass(nine("2026-02-09"))).toBe(3)
    expect(await pass(new Date("2026-02-11T02:30:00Z"))).toBe(1)
    expect((await told()).slice(3)).toEqual(["2026-02-11 overdue-1 1"])
    expect(await pass(new Date("2026-02-11T04:30:00Z"))).toBe(1)
    expect(await pass(nine("2026-02-11"))).toBe(1)
  })

  test("and one that there is not keeps no other agency from its reminders", async () => {
    const wrong = await letHome({ agency: { timeZone: "America/Maringa" } })
    const right = await letHome()
    await expect(sweep(testRun(), nine("2026-02-11"))).rejects.toThrow(`Agency ${wrong.agencyId}: `)
    expect((await askedFor("payment-reminder")).map(({ payload }) => payload.contractId)).toEqual([
      right.contractId,
    ])
  })
})

describe("a sweep", () => {
  test("asks for each payment once a day, however often it is made", async () => {
    const home = await letHome({ months: 3, firstMonth: "2026-01" })
    const [january, february] = home.paymentIds
    for (let time = 0; time < 3; time++) expect(await sweep(testRun(), nine("2026-02-11"))).toBe(2)
    const runs = await askedFor("payment-reminder")
    expect(runs.map(({ payload }) => payload)).toEqual([
      { contractId: home.contractId, paymentId: january, type: "final-notice", days: 30, ifLatest: true },
      { contractId: home.contractId, paymentId: february, type: "overdue", days: 1, ifLatest: true },
    ])
    expect(runs.map(({ options }) => options.priority)).toEqual([1, 1])
  })

  test("of which some were missed makes up for what is still to be told, and floods nobody with the past", async () => {
    await letHome({ months: 12, firstMonth: "2025-03" })
    await passDays("2026-02-16", "2026-02-16")
    expect(await told()).toEqual(["2026-02-16 final-notice 35", "2026-02-16 overdue-5 6"])
  })

  test("whose runs nobody did for days leaves one mail a payment", async () => {
    await letHome()
    for (const day of ["2026-02-11", "2026-02-15"]) await sweep(testRun(), nine(day))
    const runs = await askedFor("payment-reminder")
    expect(runs.map(({ payload }) => payload.days)).toEqual([1, 5])
    const outcomes: string[] = []
    for (const { id, payload } of runs)
      outcomes.push((await remind(payload as Asked, testRun({ id }), nine("2026-02-17"))).outcome)
    expect(outcomes).toEqual(["overtaken", "sent"])
    expect(await told()).toEqual(["2026-02-17 overdue-5 7"])
  })

  test("asks once more on the same day for what has failed, and for nothing else", async () => {
    const homes = [await letHome(), await letHome(), await letHome(), await letHome()]
    const [failed, cancelled, waiting, sent] = homes.map(({ contractId }) => contractId)
    const moment = nine("2026-02-11")
    await sweep(testRun(), moment)
    const first = await askedFor("payment-reminder")
    const runOf = (contractId?: number) => first.find(({ payload }) => payload.contractId === contractId)!
    await remind(runOf(sent).payload as Asked, testRun({ id: runOf(sent).id }), moment)
    const end = (id: string, status: "failed" | "timed-out" | "cancelled") => {
      const at = Date.now()
      const ended = { queue: "payment-reminder", name: "reminder", priority: 5, payload: {}, result: null }
      const times = { askedAt: at, startedAt: at, finishedAt: at }
      return recordRuns([asRow({ id, status, error: "away", attempts: 3, ...ended, ...times })], pool())
    }
    // One that failed after it had told, and was told of as failed all the same, has told.
    for (const contractId of [failed, sent]) await end(runOf(contractId).id, "failed")
    await end(runOf(cancelled).id, "cancelled")

    for (let time = 0; time < 2; time++) expect(await sweep(testRun(), moment)).toBe(3)
    const second = (await askedFor("payment-reminder")).slice(first.length)
    expect(second.map(({ payload }) => payload)).toEqual([runOf(failed).payload])
    await end(second[0]!.id, "timed-out")
    await Promise.all([sweep(testRun(), moment), sweep(testRun(), moment)])
    const third = (await askedFor("payment-reminder")).slice(first.length + 1)
    expect(third.map(({ payload }) => payload)).toEqual([runOf(failed).payload])

    // An operator may retry the first as well.
    const all = [runOf(failed), runOf(waiting), ...second, ...third]
    await Promise.all(all.map(({ id, payload }) => remind(payload as Asked, testRun({ id }), moment)))
    expect(await told()).toEqual(Array.from({ length: 3 }, () => "2026-02-11 overdue-1 1"))
  })

  test("goes by what the agency wants", async () => {
    await letHome({ agency: { reminderDaysBefore: [0], reminderDaysOverdue: [2], finalNoticeDays: null } })
    await passDays("2026-02-01", "2026-04-01")
    expect(await told()).toEqual(["2026-02-10 upcoming-0 0", "2026-02-12 overdue-2 2"])
  })

  test("leaves out what is paid, called off, of a draft, or of a month after the contract's end", async () => {
    const paid = { status: "paid", paidCents: 155_000, paidOn: "2026-02-01", method: "pix" }
    await letHome({ payment: paid })
    await letHome({ payment: { status: "cancelled" } })
    await letHome({ contract: { status: "cancelled" } })
    await letHome({ contract: { status: "draft" } })
    await letHome({ contract: { status: "terminated", endedOn: "2026-01-31" } })
    expect(await sweep(testRun(), nine("2026-02-11"))).toBe(0)
    await letHome({ contract: { status: "terminated", endedOn: "2026-02-01" } })
    await letHome({ payment: { ...paid, status: "partially_paid", paidCents: 1 } })
    expect(await sweep(testRun(), nine("2026-02-11"))).toBe(2)
  })

  test("stops when it is cancelled", async () => {
    await letHome()
    const signal = AbortSignal.abort(new Error("enough"))
    await expect(sweep(testRun({ signal }), nine("2026-02-11"))).rejects.toThrow("enough")
    expect(await askedFor("payment-reminder")).toEqual([])
  })
})

test("an agency's days have to be such, and the final notice the last of them", async () => {
  for (const [column, days] of [
    ["reminder_days_before", [-1]],
    ["reminder_days_before", [null]],
    ["reminder_days_overdue", [0]],
    ["reminder_days_overdue", [30]],
    ["reminder_days_overdue", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ] as const)
    await expect(
      letHome().then(
        ({ agencyId }) =>
          pool()`update agencies set ${pool()(column)} = ${days as never}::int[] where id = ${agencyId}`,
      ),
    ).rejects.toThrow("check constraint")
})
