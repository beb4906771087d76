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
      least(open_cents, greatest(0, condo_cents - greatest(0, paid_cents - asked_fee_cents - asked_interest_cents))) as open_condo_cents,
      asked_fee_cents, case when asked_interest_cents > 0 then paid_on else payable_until end as interest_from,
      case
        when open_cents > 0 and payable_until < ${asOf}::date then 'overdue'
        when open_cents > 0 and paid_cents > 0 then 'partially-paid'
        when open_cents > 0 then 'pending'
        when status = 'refunded' and refunded_cents >= paid_cents then 'refunded'
        else 'paid'
      end as state
    from (
      select id, contract_id, due_date, payable_until, total_cents, condo_cents, status,
        case when is_paid then late_fee_cents else 0 end as asked_fee_cents,
        case when is_paid then interest_cents else 0 end as asked_interest_cents,
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

/**
 * The late fee and interest that an overdue `charge` costs on that day by the terms of its `contract`, as what a query joins: see
 * `lateCharges`.
 */
export const lateChargesOf = ({ asOf }: Pick<Scope, "asOf">, db: Db) => db`
  cross join lateral (
    select
      case when is_late and asked_fee_cents = 0 then
        round((open_cents - open_condo_cents) * late_fee_percent / 100) + round(open_condo_cents * condo_late_fee_percent / 100)
      else 0 end::int8 as late_fee_cents,
      case when is_late then
        round(open_cents * interest_percent_month * greatest(0, ${asOf}::date - interest_from) / 3000)
      else 0 end::int8 as interest_cents
    from (select state = 'overdue' and ${asOf}::date - payable_until > grace_days as is_late) as by_then
  ) as late
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
