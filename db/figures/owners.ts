import { inBatches } from "../batches.ts"
import type { Db } from "../pool.ts"
import type { Scope } from "./scope.ts"

/** What owners have earned in the period, in cents: net is gross without the agency's fee and deductions. */
export interface OwnerFigures {
  owners: number
  grossCents: number
  feeCents: number
  deductionsCents: number
  netCents: number
}

export async function ownerFigures(scope: Scope, db: Db): Promise<OwnerFigures> {
  const [figures] = await db<[OwnerFigures]>`
    select count(*) as owners,
      coalesce(sum(gross_cents), 0)::int8 as gross_cents,
      coalesce(sum(fee_cents), 0)::int8 as fee_cents,
      coalesce(sum(deductions_cents), 0)::int8 as deductions_cents,
      coalesce(sum(gross_cents - fee_cents - deductions_cents), 0)::int8 as net_cents
    from ${statements(scope, db)} as statement
  `
  return figures
}

interface OwnerRow {
  owner: string
  payments: number
  grossCents: number
  feeCents: number
  deductionsCents: number
  netCents: number
}

/** The statement of each owner for whom there was anything in the period. */
export const ownerRows = (scope: Scope, db: Db): AsyncIterable<OwnerRow[]> =>
  inBatches(
    db<OwnerRow[]>`
      select owners.name as owner, payments, gross_cents, fee_cents, deductions_cents,
        gross_cents - fee_cents - deductions_cents as net_cents
      from ${statements(scope, db)} as statement
      join owners on owners.id = owner_id
      order by owners.name, owners.id
    `,
    db,
  )

/**
 * The fee is rounded for each payment, as it is when it is kept back, and given back of each refund's part of rent: what went to
 * others before the owner, and comes back to the renter, is the owner's to bear.
 */
const statements = ({ agencyId, start, end }: Scope, db: Db) => db`
  (
    select owner_id, count(payment_id) as payments, sum(gross)::int8 as gross_cents, sum(fee)::int8 as fee_cents,
      sum(deduction)::int8 as deductions_cents
    from (
      select owner_id, payment.id as payment_id, rent_received_cents as gross,
        round(rent_received_cents * administration_fee_percent / 100) as fee, 0 as deduction
      from rental_payments as payment
      join rental_contracts as contract on contract.id = contract_id
      where payment.agency_id = ${agencyId} and paid_on between ${start} and ${end}
      union all
      select owner_id, null, -amount_cents, -round(least(amount_cents, rent_left) * administration_fee_percent / 100), 0
      from rental_refunds as refund
      cross join lateral (
        select coalesce(sum(amount_cents), 0) as refunded_before
        from rental_refunds as other
        where payment_id = refund.payment_id and (other.refunded_on, other.id) < (refund.refunded_on, refund.id)
      ) as before
      join rental_payments as payment on payment.id = payment_id
      cross join lateral (select greatest(0, rent_received_cents - refunded_before) as rent_left) as left_of_it
      join rental_contracts as contract on contract.id = contract_id
      where refund.agency_id = ${agencyId} and refunded_on between ${start} and ${end}
      union all
      select owner_id, null, 0, 0, amount_cents
      from owner_deductions
      where agency_id = ${agencyId} and deducted_on between ${start} and ${end}
    ) as movement
    group by owner_id
  )
`
