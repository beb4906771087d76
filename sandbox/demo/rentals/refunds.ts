import { addDays, addMonths, monthOf } from "../../../lib/days.ts"
import type { DemoPayment } from "./payments.ts"
import { tables } from "./tables.ts"

/** What was given back: of which renter's payment, for how many months ago, and why. */
const GIVEN_BACK = [
  { renter: "ana", month: -1, share: 1, twice: true, reason: "Pago em duplicidade" },
  { renter: "carlos", month: -4, share: 1, twice: true, reason: "Pago em duplicidade" },
  { renter: "jose", month: -2, share: 1 / 3, reason: "Chaves entregues no dia 20" },
  { renter: "helio", month: -8, share: 1, reason: "Imóvel interditado para reforma do telhado" },
  { renter: "otica", month: -13, share: 0.1, reason: "Infiltração: abatimento combinado" },
]

/** Give back what some have paid too much, which changes their payments; each refund with the place of its payment. */
export function demoRefunds(payments: DemoPayment[], today: string) {
  return GIVEN_BACK.flatMap(({ renter, month, share, twice = false, reason }) => {
    const contract = tables.contracts.findIndex((each) => each.renter === renter)
    const referenceMonth = `${addMonths(monthOf(today), month)}-01`
    const place = payments.findIndex(
      ({ row, ...of }) =>
        of.contract === contract && row.referenceMonth === referenceMonth && row.status === "paid",
    )
    const row = payments[place]?.row
    const refundedOn = row?.paidOn && addDays(row.paidOn, 6)
    if (!row || !refundedOn || refundedOn > today) return []
    const amountCents = Math.round(row.paidCents * share)
    if (twice) row.paidCents *= 2
    else if (share === 1) row.status = "refunded"
    return [{ payment: place, row: { amountCents, refundedOn, reason } }]
  })
}

export type DemoRefund = ReturnType<typeof demoRefunds>[number]
