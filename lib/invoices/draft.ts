import { addDays } from "../days.ts"
import { nextBusinessDay } from "../holidays.ts"
import { type LateCharges, lateCharges, type Owed } from "../late-charges.ts"
import type { Locale } from "../locale.ts"
import type { InvoiceContent, InvoiceItem } from "./content.ts"
import { InvoiceRefused } from "./refused.ts"

/** A rental payment as it stands, in cents; `referenceMonth` is a month's first day. */
interface ChargedPayment extends Owed {
  id: number
  status: string
  referenceMonth: string
  dueDate: string
  rentCents: number
  iptuCents: number
  extraCents: number
  extraDescription: string | null
  discountCents: number
  discountDescription: string | null
}

/** What an invoice is made from. */
export interface InvoiceFacts
  extends Pick<InvoiceContent, "agency" | "payer" | "landlord" | "property" | "contract"> {
  payment: ChargedPayment
}

/** How an invoice is asked for: `payOn` is the day it is to be paid on, else the next that costs the least. */
export interface DraftOptions {
  today: string
  payOn?: string | undefined
  locale: Locale
  corrects: InvoiceContent["corrects"]
}

/** An invoice without its number. */
export interface InvoiceDraft {
  dueDate: string
  principalCents: number
  lateFeeCents: number
  interestCents: number
  content: InvoiceContent
}

/** Days ahead for which fee and interest may be asked for. */
const FURTHEST = 90

/** Work out an invoice of a payment by its contract's own terms. Throws InvoiceRefused when nothing is owed, or the day is past. */
export function draftInvoice(
  { payment, ...facts }: InvoiceFacts,
  { today, payOn, locale, corrects }: DraftOptions,
): InvoiceDraft {
  if (!["pending", "partially_paid"].includes(payment.status))
    throw new InvoiceRefused("settled", `Payment ${payment.id} is ${payment.status}: nothing is owed of it`)
  const dueDate = dueOn(payment.payableUntil, today, payOn)
  const charges = lateCharges(payment, facts.contract, dueDate)
  const { principalCents, lateFeeCents, interestCents } = charges
  if (principalCents === 0) throw new InvoiceRefused("settled", `Payment ${payment.id} is paid`)
  const { referenceMonth, dueDate: contractDueDate, payableUntil } = payment
  const items = itemsOf(payment, facts.contract, charges)
  return {
    ...{ dueDate, principalCents, lateFeeCents, interestCents },
    content: {
      ...facts,
      ...{ locale, corrects, items, contractDueDate, payableUntil },
      referenceMonth: referenceMonth.slice(0, 7),
    },
  }
}

/** An overdue payment costs more each day: its invoice is for a day that is yet to come, and a business day. */
function dueOn(payableUntil: string, today: string, payOn?: string): string {
  if (payOn !== undefined && (payOn < today || payOn > addDays(today, FURTHEST)))
    throw new InvoiceRefused(
      "past",
      `An invoice is paid between ${today} and ${addDays(today, FURTHEST)}, not on ${payOn}`,
    )
  const day = payOn ?? nextBusinessDay(today)
  return today <= payableUntil && day < payableUntil ? payableUntil : day
}

function itemsOf(
  payment: ChargedPayment,
  terms: InvoiceContent["contract"],
  charges: LateCharges,
): InvoiceItem[] {
  const { extraDescription, discountDescription, paidOn } = payment
  const items: (InvoiceItem | undefined)[] = [
    { kind: "rent", amountCents: payment.rentCents },
    { kind: "condo", amountCents: payment.condoCents },
    { kind: "iptu", amountCents: payment.iptuCents },
    { kind: "extra", amountCents: payment.extraCents, description: extraDescription },
    { kind: "discount", amountCents: -payment.discountCents, description: discountDescription },
    paidOn === null
      ? undefined
      : { kind: "paid", amountCents: charges.principalCents - payment.totalCents, paidOn },
    {
      kind: "late-fee",
      amountCents: charges.lateFeeCents,
      percent: terms.lateFeePercent,
      condoPercent: payment.condoCents > 0 ? terms.condoLateFeePercent : null,
    },
    {
      kind: "interest",
      amountCents: charges.interestCents,
      percentMonth: terms.interestPercentMonth,
      days: charges.interestDays,
    },
  ]
  return items.filter((item) => item !== undefined && item.amountCents !== 0) as InvoiceItem[]
}
