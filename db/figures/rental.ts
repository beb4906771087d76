import { inBatches } from "../batches.ts"
import type { Db } from "../pool.ts"
import { addressOf, chargesAsOf, partiesOfCharge } from "./charges.ts"
import type { Scope } from "./scope.ts"

/** What was charged for and what came of it, in cents. */
export interface RentalFigures {
  /** Due in the period, whether paid or not. */
  chargedCents: number
  /** Paid in the period, whenever due; late fee and interest are in it, refunds are not taken off. */
  receivedCents: number
  refundedCents: number
  /** Due in the period and open: within its time, and beyond it. */
  pendingCents: number
  overdueCents: number
  /** How many charges were due or paid in the period. */
  rows: number
}

export async function rentalFigures(scope: Scope, db: Db): Promise<RentalFigures> {
  const { agencyId, start, end } = scope
  const [figures] = await db<[RentalFigures]>`
    select
      coalesce(sum(total_cents) filter (where is_due), 0)::int8 as charged_cents,
      coalesce(sum(paid_cents) filter (where is_received), 0)::int8 as received_cents,
      (
        select coalesce(sum(amount_cents), 0)::int8
        from rental_refunds
        where agency_id = ${agencyId} and refunded_on between ${start} and ${end}
      ) as refunded_cents,
      coalesce(sum(open_cents) filter (where is_due and state <> 'overdue'), 0)::int8 as pending_cents,
      coalesce(sum(open_cents) filter (where is_due and state = 'overdue'), 0)::int8 as overdue_cents,
      count(*) filter (where is_due or is_received) as rows
    from ${chargesAsOf(scope, db)} as charge
    cross join lateral (
      select due_date between ${start} and ${end} as is_due, paid_on between ${start} and ${end} as is_received
    ) as of_period
  `
  return figures
}

interface RentalRow {
  dueDate: string
  contract: string
  property: string
  renter: string
  /** Null of what is not due in the period, so that the rows add up to the figures; so is what is open of it. */
  chargedCents: number | null
  /** In the period; null when nothing was. */
  receivedCents: number | null
  paidOn: string | null
  openCents: number | null
  state: "paid" | "partially-paid" | "pending" | "overdue" | "refunded"
}

/** What was due or paid in the period. */
export const rentalRows = (scope: Scope, db: Db): AsyncIterable<RentalRow[]> => {
  const { start, end } = scope
  return inBatches(
    db<RentalRow[]>`
      select due_date::text, contract.number as contract, ${addressOf(db)} as property, renter.name as renter,
        case when due_date between ${start} and ${end} then total_cents end as charged_cents,
        case when paid_on between ${start} and ${end} then paid_cents end as received_cents, paid_on::text,
        case when due_date between ${start} and ${end} then open_cents end as open_cents, state
      from ${chargesAsOf(scope, db)} as charge
      ${partiesOfCharge(db)}
      where due_date between ${start} and ${end} or paid_on between ${start} and ${end}
      order by due_date, contract.number, charge.id
    `,
    db,
  )
}
