import { expect, test } from "bun:test"
import fc from "fast-check"
import { addDays } from "../days.ts"
import { nextBusinessDay } from "../holidays.ts"
import { pixAmount } from "../pix.ts"
import { pixCodeFor } from "../pix-code.ts"
import { draftInvoice, type InvoiceFacts } from "./draft.ts"
import { labelOf } from "./labels.ts"
import { InvoiceRefused } from "./refused.ts"

const nowhere = {
  street: null,
  number: null,
  complement: null,
  district: null,
  city: null,
  uf: null,
  zipCode: null,
}

const cents = (max: number) => fc.integer({ min: 0, max })
const percent = fc.integer({ min: 0, max: 2_000 }).map((hundredths) => hundredths / 100)

/** Payments of all kinds, with the terms of their contracts. */
const facts = fc
  .record({
    rentCents: fc.integer({ min: 1, max: 10_000_000 }),
    ...{ condoCents: cents(500_000), iptuCents: cents(100_000), extraCents: cents(100_000) },
    ...{ lateFeePercent: percent, interestPercentMonth: percent, graceDays: cents(30) },
    ...{
      description: fc.option(fc.string({ unit: "grapheme" })),
      discount: fc.double({ min: 0, max: 0.9, noNaN: true }),
    },
    ...{
      paid: fc.option(fc.double({ min: 0.01, max: 0.99, noNaN: true })),
      paidAfter: fc.integer({ min: -20, max: 60 }),
    },
  })
  .map(
    ({
      description,
      discount,
      paid,
      paidAfter,
      lateFeePercent,
      interestPercentMonth,
      graceDays,
      ...parts
    }): InvoiceFacts => {
      const discountCents = Math.floor(parts.rentCents * discount)
      const totalCents =
        parts.rentCents + parts.condoCents + parts.iptuCents + parts.extraCents - discountCents
      const paidCents = paid === null ? 0 : Math.floor(totalCents * paid)
      return {
        agency: {
          name: "A",
          legalName: null,
          cnpj: null,
          creci: null,
          email: null,
          phone: null,
          pixKey: null,
          brandColour: "#000000",
          accentColour: "#000000",
          ...nowhere,
        },
        payer: { name: "Ana", taxId: null },
        landlord: { name: "Antônio" },
        property: { code: "AR1", ...nowhere },
        contract: { number: "1", lateFeePercent, condoLateFeePercent: 2, interestPercentMonth, graceDays },
        payment: {
          ...{
            id: 1,
            status: paidCents > 0 ? "partially_paid" : "pending",
            ...parts,
            discountCents,
            totalCents,
            paidCents,
          },
          ...{ referenceMonth: "2026-02-01", dueDate: "2026-02-10", payableUntil: "2026-02-10" },
          ...{
            lateFeeCents: 0,
            interestCents: 0,
            extraDescription: description,
            discountDescription: description,
          },
          paidOn: paidCents > 0 ? addDays("2026-02-10", paidAfter) : null,
        },
      }
    },
  )

test("the parts of an invoice come to its sum, which its PIX code asks for, and it can still be paid", () => {
  const today = fc.integer({ min: -40, max: 400 }).map((days) => addDays("2026-02-10", days))
  fc.assert(
    fc.property(facts, today, fc.option(fc.nat(90), { nil: undefined }), (given, today, later) => {
      const payOn = later === undefined ? undefined : addDays(today, later)
      const draft = draftInvoice(given, { today, payOn, locale: "pt-BR", corrects: null })
      const sum = draft.principalCents + draft.lateFeeCents + draft.interestCents
      const { items } = draft.content
      expect(items.reduce((all, { amountCents }) => all + amountCents, 0)).toBe(sum)
      expect(draft.principalCents).toBe(given.payment.totalCents - given.payment.paidCents)
      expect(pixAmount(pixCodeFor({ key: "a@b", name: "A", city: "B", amountCents: sum }))).toBe(sum)
      expect(draft.dueDate >= today).toBe(true)
      if (payOn === undefined) expect(nextBusinessDay(draft.dueDate)).toBe(draft.dueDate)
      if (draft.dueDate <= "2026-02-10") expect(sum).toBe(draft.principalCents)
      for (const locale of ["pt-BR", "en"] as const)
        for (const item of items) expect(labelOf(item, locale).length).toBeWithin(1, 81)
    }),
  )
})

test("nothing is invoiced of what is paid", () => {
  fc.assert(
    fc.property(facts, (given) => {
      const { totalCents } = given.payment
      const payment = { ...given.payment, paidCents: totalCents, paidOn: "2026-02-10" }
      const draft = () =>
        draftInvoice({ ...given, payment }, { today: "2026-03-01", locale: "en", corrects: null })
      expect(draft).toThrow(InvoiceRefused)
    }),
  )
})
