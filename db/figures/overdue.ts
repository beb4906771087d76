import { inBatches } from "../batches.ts"
import type { Db } from "../pool.ts"
import { addressOf, chargesAsOf, lateChargesOf, partiesOfCharge } from "./charges.ts"
import type { Scope } from "./scope.ts"

/** Days up to which what is overdue is counted together; what is older makes the last group. */
export const AGES = [30, 60, 90] as const

/** All that is overdue at the end of the period, however old; `openCents` is without late fee and interest. */
export interface OverdueFigures {
  openCents: number
  lateFeeCents: number
  interestCents: number
  charges: number
  renters: number
  /** By age: up to each of `AGES`, and beyond. */
  ages: { charges: number; openCents: number }[]
}

export async function overdueFigures(scope: Scope, db: Db): Promise<OverdueFigures> {
  const groups = await db<Group[]>`
    select width_bucket(${scope.asOf}::date - payable_until, ${AGES.map((days) => days + 1)}::int[]) as age,
      count(*) as charges, coalesce(sum(open_cents), 0)::int8 as open_cents,
      coalesce(sum(late_fee_cents), 0)::int8 as late_fee_cents, coalesce(sum(interest_cents), 0)::int8 as interest_cents,
      count(distinct renter_id) as renters
    from ${chargesAsOf(scope, db)} as charge
    join rental_contracts as contract on contract.id = contract_id
    ${lateChargesOf(scope, db)}
    where state = 'overdue'
    group by rollup (age)
  `
  const { age: _, ...all } = groups.find(({ age }) => age === null)!
  const ages = [...AGES, Number.POSITIVE_INFINITY].map((_, age) => {
    const { charges = 0, openCents = 0 } = groups.find((group) => group.age === age) ?? {}
    return { charges, openCents }
  })
  return { ...all, ages }
}

/** Those of an age, or of all when that is null. */
type Group = Omit<OverdueFigures, "ages"> & { age: number | null }

interface OverdueRow {
  renter: string
  phone: string | null
  contract: string
  property: string
  payableUntil: string
  daysOverdue: number
  totalCents: number
  openCents: number
  lateFeeCents: number
  interestCents: number
}

/** Each charge that is overdue, the oldest first. */
export const overdueRows = (scope: Scope, db: Db): AsyncIterable<OverdueRow[]> =>
  inBatches(
    db<OverdueRow[]>`
      select renter.name as renter, renter.phone, contract.number as contract, ${addressOf(db)} as property,
        payable_until::text, ${scope.asOf}::date - payable_until as days_overdue, total_cents, open_cents,
        late.late_fee_cents, late.interest_cents
      from ${chargesAsOf(scope, db)} as charge
      ${partiesOfCharge(db)}
      ${lateChargesOf(scope, db)}
      where state = 'overdue'
      order by charge.payable_until, renter.name, charge.id
    `,
    db,
  )
