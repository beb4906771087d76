import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { addDays } from "./days.ts"
import { type LateTerms, lateCharges, type Owed } from "./late-charges.ts"

const terms: LateTerms = { lateFeePercent: 2, condoLateFeePercent: 2, interestPercentMonth: 1, graceDays: 0 }
const owed: Owed = {
  totalCents: 155_000,
  condoCents: 0,
  lateFeeCents: 0,
  interestCents: 0,
  paidCents: 0,
  paidOn: null,
  payableUntil: "2026-02-10",
}

const sum = ({ principalCents, lateFeeCents, interestCents }: ReturnType<typeof lateCharges>) =>
  principalCents + lateFeeCents + interestCents

describe("paying late", () => {
  test("costs fee and interest to the day: R$ 1.550,00 at 2% and 1% a month are R$ 1.583,58 after 5 days", () => {
    const charges = lateCharges(owed, terms, "2026-02-15")
    expect(charges).toEqual({
      principalCents: 155_000,
      lateFeeCents: 3_100,
      interestCents: 258,
      interestDays: 5,
      daysOverdue: 5,
    })
    expect(sum(charges)).toBe(158_358)
  })

  test("costs what the contract says: 10% are R$ 155,00", () => {
    expect(lateCharges(owed, { ...terms, lateFeePercent: 10 }, "2026-02-15")).toMatchObject({
      lateFeeCents: 15_500,
      interestCents: 258,
    })
  })

  test("costs nothing on the day itself and before", () => {
    for (const on of ["2026-01-01", "2026-02-09", "2026-02-10"])
      expect(lateCharges(owed, terms, on)).toEqual({
        principalCents: 155_000,
        lateFeeCents: 0,
        interestCents: 0,
        interestDays: 0,
        daysOverdue: 0,
      })
  })

  test("costs nothing in the days of grace, and counts from the due date after them", () => {
    const patient = { ...terms, graceDays: 3 }
    expect(lateCharges(owed, patient, "2026-02-13")).toMatchObject({
      lateFeeCents: 0,
      interestCents: 0,
      daysOverdue: 3,
    })
    expect(lateCharges(owed, patient, "2026-02-14")).toEqual(lateCharges(owed, terms, "2026-02-14"))
  })

  test("costs 2% of the condominium fee, whatever the rent's fee is", () => {
    const flat = { ...owed, totalCents: 195_000, condoCents: 40_000 }
    expect(lateCharges(flat, { ...terms, lateFeePercent: 10 }, "2026-02-15")).toMatchObject({
      lateFeeCents: 15_500 + 800,
      interestCents: 325,
    })
  })

  test("costs a rate with hundredths exactly, where floating point would not", () => {
    expect(
      lateCharges({ ...owed, totalCents: 100_050 }, { ...terms, lateFeePercent: 1.15 }, "2026-02-11"),
    ).toMatchObject({
      // 1150,575 cents.
      lateFeeCents: 1_151,
    })
  })
})

describe("what was paid in part", () => {
  test("before the due date is owed no more, and costs nothing", () => {
    const partly = { ...owed, paidCents: 100_000, paidOn: "2026-02-09" }
    expect(lateCharges(partly, terms, "2026-03-12")).toEqual({
      principalCents: 55_000,
      lateFeeCents: 1_100,
      interestCents: 550,
      interestDays: 30,
      daysOverdue: 30,
    })
  })

  test("with its fee and interest costs no second fee, and interest of the rest from then on", () => {
    const partly = {
      ...owed,
      paidCents: 103_358,
      lateFeeCents: 3_100,
      interestCents: 258,
      paidOn: "2026-02-15",
    }
    expect(lateCharges(partly, terms, "2026-02-25")).toEqual({
      principalCents: 55_000,
      lateFeeCents: 0,
      interestCents: 183,
      interestDays: 10,
      daysOverdue: 15,
    })
  })

  test("went to the condominium fee before the rent", () => {
    const partly = {
      ...owed,
      totalCents: 195_000,
      condoCents: 40_000,
      paidCents: 30_000,
      paidOn: "2026-02-10",
    }
    expect(lateCharges(partly, { ...terms, lateFeePercent: 10 }, "2026-02-11").lateFeeCents).toBe(
      15_500 + 200,
    )
  })

  test("wholly leaves nothing to ask for", () => {
    const paid = { ...owed, paidCents: 155_000, paidOn: "2026-02-20" }
    expect(sum(lateCharges(paid, terms, "2026-06-01"))).toBe(0)
  })
})

test("the longer it takes the more it costs, in whole cents, within one of what the rates say", () => {
  const cents = fc.integer({ min: 1, max: 1_000_000_000 })
  const percent = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100)
  fc.assert(
    fc.property(
      cents,
      percent,
      percent,
      fc.integer({ min: 1, max: 3_000 }),
      fc.nat(30),
      (totalCents, fee, interest, days, graceDays) => {
        const given = { ...terms, lateFeePercent: fee, interestPercentMonth: interest, graceDays }
        const on = (later: number) =>
          lateCharges({ ...owed, totalCents }, given, addDays(owed.payableUntil, later))
        const charges = on(days)
        expect(Object.values(charges).every(Number.isSafeInteger)).toBe(true)
        expect(sum(on(days + 1))).toBeGreaterThanOrEqual(sum(charges))
        const asked = days > graceDays ? 1 : 0
        expect(Math.abs(charges.lateFeeCents - asked * totalCents * (fee / 100))).toBeLessThanOrEqual(0.5001)
        expect(
          Math.abs(charges.interestCents - asked * totalCents * (interest / 100) * (days / 30)),
        ).toBeLessThanOrEqual(0.51)
      },
    ),
  )
})
