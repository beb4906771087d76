import { inBatches } from "../batches.ts"
import type { Db } from "../pool.ts"
import { addressOf, chargesAsOf } from "./charges.ts"
import type { Scope } from "./scope.ts"

/** Days within which a contract that ends is told of. */
export const EXPIRING = 90

/** How an agency's rentals stand at the end of the period. */
export interface RentalMetrics {
  activeContracts: number
  /** Of these, past the day they were made for, and running on. */
  openEnded: number
  /** Of these, ending within `EXPIRING` days. */
  expiring: number
  /** A month, of all active contracts: rent, and the agency's part of it. */
  rentCents: number
  recurringCents: number
  /** Homes to let, let or not. */
  properties: number
  occupied: number
  /** Of what was due in the twelve months up to the day, all and what is overdue. */
  chargedCents: number
  overdueCents: number
}

export async function rentalMetrics(scope: Scope, db: Db): Promise<RentalMetrics> {
  const { agencyId, asOf } = scope
  const [metrics] = await db<[RentalMetrics]>`
    with active as ${activeContracts(scope, db)}
    select
      (select count(*) from active) as active_contracts,
      (select count(*) from active where end_date < ${asOf}) as open_ended,
      (select count(*) from active where end_date between ${asOf} and ${asOf}::date + ${EXPIRING}::int) as expiring,
      (select coalesce(sum(rent_cents), 0)::int8 from active) as rent_cents,
      (select coalesce(sum(round(rent_cents * administration_fee_percent / 100)), 0)::int8 from active) as recurring_cents,
      count(property.id) as properties,
      count(*) filter (where is_occupied) as occupied,
      due.charged_cents, due.overdue_cents
    from properties as property
    cross join lateral (
      select exists (select from active where property_id = property.id) as is_occupied
    ) as occupation
    right join (
      select coalesce(sum(total_cents), 0)::int8 as charged_cents,
        coalesce(sum(open_cents) filter (where state = 'overdue'), 0)::int8 as overdue_cents
      from ${chargesAsOf(scope, db)} as charge
      where due_date > ${asOf}::date - interval '12 months' and due_date <= ${asOf}
    ) as due on
      property.agency_id = ${agencyId} and category = 'aluguel' and listed_on <= ${asOf}
      and (is_occupied or status in ('available', 'rented', 'maintenance'))
    group by due.charged_cents, due.overdue_cents
  `
  return metrics
}

/** What was due and what was received in a month, `2026-02`. */
export interface MonthOfRent {
  month: string
  chargedCents: number
  receivedCents: number
}

/** The twelve months up to that of the day, the oldest first. */
export async function monthsOfRent(scope: Scope, db: Db): Promise<MonthOfRent[]> {
  // Each of the two by itself: to join the months to what is in either of them looks at every charge for every month.
  return await db<MonthOfRent[]>`
    with charges as not materialized ${chargesAsOf(scope, db)},
    first as (select date_trunc('month', ${scope.asOf}::timestamp) - interval '11 months' as month)
    select to_char(month, 'YYYY-MM') as month,
      coalesce(sum(charged), 0)::int8 as charged_cents, coalesce(sum(received), 0)::int8 as received_cents
    from generate_series((select month from first), ${scope.asOf}::timestamp, '1 month') as month
    left join (
      select date_trunc('month', due_date::timestamp) as month, total_cents as charged, null as received
      from charges
      where due_date between (select month from first) and ${scope.asOf}
      union all
      select date_trunc('month', paid_on::timestamp), null, paid_cents
      from charges
      where paid_on >= (select month from first)
    ) as movement using (month)
    group by month
    order by month
  `
}

interface ExpiringRow {
  contract: string
  property: string
  renter: string
  rentCents: number
  endDate: string
  daysLeft: number
}

/** The contracts that end soon, the soonest first. */
export const expiringRows = (scope: Scope, db: Db): AsyncIterable<ExpiringRow[]> =>
  inBatches(
    db<ExpiringRow[]>`
      select contract.number as contract, ${addressOf(db)} as property, renter.name as renter, contract.rent_cents,
        end_date::text, end_date - ${scope.asOf}::date as days_left
      from ${activeContracts(scope, db)} as contract
      join properties as property on property.id = property_id
      join renters as renter on renter.id = renter_id
      where end_date between ${scope.asOf} and ${scope.asOf}::date + ${EXPIRING}::int
      order by end_date, contract.number
    `,
    db,
  )

const activeContracts = ({ agencyId, asOf }: Scope, db: Db) => db`
  (
    select id, number, property_id, renter_id, end_date, rent_cents, administration_fee_percent
    from rental_contracts
    where agency_id = ${agencyId} and status in ('active', 'expired', 'terminated')
      and start_date <= ${asOf} and (ended_on is null or ended_on >= ${asOf})
  )
`
