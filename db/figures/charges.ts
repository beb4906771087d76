import type { Db } from "../pool.ts"
import type { Scope } from "./scope.ts"

/**
 * The charges of an agency as they stood at the end of a day, as what a query selects from: what was paid later was open then.
 * `open_cents` is without late fee and interest, and none is left of what was given back. Of what was paid in parts, the day of the
 * latest part alone is known, and all is counted on that day.
 */
export const chargesAsOf = ({ agencyId, asOf }: Pick<Scope, "agencyId" | "asOf">, db: Db) => db`
  (
    select id, contract_id, due_date, payable_until, total_cents, paid_on, paid_cents, open_cents,
      case
        when open_cents > 0 and payable_until < ${asOf}::date then 'overdue'
        when open_cents > 0 and paid_cents > 0 then 'partially-paid'
        when open_cents > 0 then 'pending'
        when status = 'refunded' and refunded_cents >= paid_cents then 'refunded'
        else 'paid'
      end as state
    from (
      select id, contract_id, due_date, payable_until, total_cents, status,
        case when is_paid then paid_on end as paid_on,
        case when is_paid then paid_cents else 0 end as paid_cents,
        case
          when not is_paid then total_cents
          when status = 'refunded' then 0
          else greatest(0, total_cents - greatest(0, paid_cents - late_fee_cents - interest_cents))
        end as open_cents,
        (
          select coalesce(sum(amount_cents), 0)
          from rental_refunds
          where payment_id = payment.id and refunded_on <= ${asOf}
        ) as refunded_cents
      from rental_payments as payment
      cross join lateral (select coalesce(paid_on <= ${asOf}, false) as is_paid) as by_then
      where agency_id = ${agencyId} and status <> 'cancelled'
    ) as charge
  )
`

/** The contract, home and renter of a `charge`, as what a query joins. */
export const partiesOfCharge = (db: Db) => db`
  join rental_contracts as contract on contract.id = charge.contract_id
  join properties as property on property.id = contract.property_id
  join renters as renter on renter.id = contract.renter_id
`

/** Where a `property` is, in a line. */
export const addressOf = (db: Db) => db`
  concat_ws(', ', property.street, property.number, property.complement)
`
