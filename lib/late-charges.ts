import { daysBetween } from "./days.ts"

/** What a contract says of paying late; rates in percent with two decimals at most. */
export interface LateTerms {
  /** Once, of all that is overdue but the condominium fee. */
  lateFeePercent: number
  /** Once, of the condominium fee. */
  condoLateFeePercent: number
  /** Simple, pro rata by the day of a month of 30, of all that is overdue. */
  interestPercentMonth: number
  /** Days after `payableUntil` for which nothing is asked. */
  graceDays: number
}

/** What is owed and since when, in cents. What was paid went to late fee and interest first, then to the condominium fee, IPTU and extras. */
export interface Owed {
  totalCents: number
  condoCents: number
  /** Asked for with a payment before, and in `paidCents`. */
  lateFeeCents: number
  interestCents: number
  paidCents: number
  /** The day of the latest payment. */
  paidOn: string | null
  /** The due date, moved to a business day. */
  payableUntil: string
}

/** What has to be paid on a day, in cents. */
export interface LateCharges {
  principalCents: number
  lateFeeCents: number
  interestCents: number
  /** Days that there is interest for. */
  interestDays: number
  /** Days since `payableUntil`, 0 until it has passed. */
  daysOverdue: number
}

/** What paying on a day comes to, by the contract's own terms. A fee is asked for once; interest counts on from the payment that had some in it. */
export function lateCharges(owed: Owed, terms: LateTerms, on: string): LateCharges {
  const settled = Math.max(0, owed.paidCents - owed.lateFeeCents - owed.interestCents)
  const principalCents = Math.max(0, owed.totalCents - settled)
  const condo = Math.max(0, owed.condoCents - settled)
  const daysOverdue = Math.max(0, daysBetween(owed.payableUntil, on))
  if (daysOverdue <= terms.graceDays || principalCents === 0)
    return { principalCents, lateFeeCents: 0, interestCents: 0, interestDays: 0, daysOverdue }

  const since = owed.interestCents > 0 && owed.paidOn ? owed.paidOn : owed.payableUntil
  const days = Math.max(0, daysBetween(since, on))
  const fee = share(principalCents - condo, terms.lateFeePercent) + share(condo, terms.condoLateFeePercent)
  return {
    principalCents,
    lateFeeCents: owed.lateFeeCents > 0 ? 0 : fee,
    interestCents: share(principalCents, terms.interestPercentMonth, days, 30),
    interestDays: days,
    daysOverdue,
  }
}

/** So many percent of a sum, `parts` of `whole` of them; half a cent is one. */
function share(cents: number, percent: number, parts = 1, whole = 1): number {
  const hundredths = BigInt(Math.round(percent * 100))
  const divisor = 10_000n * BigInt(whole)
  return Number((BigInt(cents) * hundredths * BigInt(parts) * 2n + divisor) / (2n * divisor))
}
