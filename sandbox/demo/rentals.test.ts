import { beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { addDays } from "../../lib/days.ts"
import { seedRentals } from "./rentals.ts"

const TABLES = [
  "owners",
  "renters",
  "properties",
  "rental_contracts",
  "rental_payments",
  "rental_refunds",
  "owner_deductions",
  "rental_transfers",
  "leads",
]

async function empty() {
  await pool()`truncate agencies, users restart identity cascade`
}

/** Every row of the demo but when it was written. */
const everything = async () =>
  Object.fromEntries(
    await Promise.all(
      TABLES.map(async (table) => [
        table,
        (
          await pool()<{ row: string }[]>`
            select (to_jsonb(each) - 'created_at')::text as row from ${pool()(table)} as each order by id
          `
        ).map(({ row }) => row),
      ]),
    ),
  ) as Record<string, string[]>

beforeEach(empty)

test("two agencies have 40 properties of 25 owners, 35 renters and 30 contracts, however often they are seeded", async () => {
  await Promise.all([seedRentals(pool()), seedRentals(pool())])
  await seedRentals(pool())
  const all = await everything()
  const [agencies] = await pool()<[{ count: number }]>`
    select count(*) from agencies where cnpj is not null and creci is not null
  `
  expect(agencies.count).toBe(2)
  expect(TABLES.slice(0, 4).map((table) => all[table]!.length)).toEqual([25, 35, 40, 30])
  expect(all.rental_payments!.length).toBeGreaterThan(400)
  expect(all.leads!.length).toBe(120)
})

test("they are the same for the same day, and seeded within seconds", async () => {
  await seedRentals(pool(), "2026-03-05")
  const once = await everything()
  await empty()
  const at = performance.now()
  await seedRentals(pool(), "2026-03-05")
  expect(performance.now() - at).toBeLessThan(5_000)
  expect(await everything()).toEqual(once)
})

describe.each(["2024-02-29", "2026-01-01", "2026-03-05", "2026-12-31", "2027-08-17"])(
  "seeded on %s",
  (today) => {
    beforeEach(() => seedRentals(pool(), today))

    const one = async (query: string) => (await pool().unsafe<Record<string, number>[]>(query, [today]))[0]!

    test("every kind of report has something to say of the month before", async () => {
      const counts = await one(`
      with month as (
        select (date_trunc('month', $1::date) - interval '1 month')::date as first,
          (date_trunc('month', $1::date) - interval '1 day')::date as last
      )
      select
        (select count(*) from rental_payments, month where paid_on between first and last) as paid,
        (select count(*) from rental_payments, month where paid_on between first and last and paid_on < due_date) as early,
        (select count(*) from rental_payments, month where paid_on between first and last and late_fee_cents > 0) as late,
        (select count(*) from rental_payments where status = 'partially_paid') as partly,
        (select count(*) from rental_payments where status = 'refunded') as refunded,
        (select count(*) from rental_refunds, month where refunded_on between first and last) as refunds,
        (select count(*) from owner_deductions, month where deducted_on between first and last) as deductions,
        (select count(*) from rental_transfers, month where reference_month = first) as transfers,
        (select count(*) from rental_transfers where net_cents < 0) as debts,
        (select count(*) from leads, month where created_at >= first and created_at < last) as leads,
        (select count(distinct status) from leads) as stages,
        (select count(*) from rental_payments where status = 'pending' and payable_until between $1::date - 30 and $1::date - 1) as overdue,
        (select count(*) from rental_payments where status = 'pending' and payable_until between $1::date - 90 and $1::date - 31) as older,
        (select count(*) from rental_payments where status = 'pending' and payable_until > $1::date) as upcoming,
        (select count(*) from rental_contracts where status = 'active' and end_date between $1::date and $1::date + 90) as expiring,
        (select count(*) from rental_contracts where status = 'active' and end_date < $1::date) as renewed,
        (select count(*) from rental_contracts where status = 'terminated') as terminated,
        (select count(*) from properties where category = 'aluguel' and status = 'available') as vacant
    `)
      for (const [name, count] of Object.entries(counts)) expect([name, count > 0]).toEqual([name, true])
      expect(counts.paid).toBeGreaterThan(15)
    })

    test("nothing has happened yet that is still to come", async () => {
      const counts = await one(`
      select
        (select count(*) from rental_payments where paid_on > $1::date) as paid,
        (select count(*) from rental_refunds where refunded_on > $1::date) as refunds,
        (select count(*) from owner_deductions where deducted_on > $1::date) as deductions,
        (select count(*) from rental_transfers where transferred_on > $1::date) as transfers,
        (select count(*) from leads where greatest(created_at, contacted_at, visited_at, proposed_at, won_at, lost_at) > $1::date) as leads,
        (select count(*) from rental_contracts where ended_on > $1::date or start_date > $1::date) as contracts
    `)
      expect(counts).toEqual({ paid: 0, refunds: 0, deductions: 0, transfers: 0, leads: 0, contracts: 0 })
    })

    test("what owners were paid follows from payments, refunds and deductions", async () => {
      const wrong = await pool().unsafe(
        `
        with rent as (
          select owner_id, paid_on as day, rent_received_cents as cents, rent_received_cents as fee_of,
            administration_fee_percent as percent
          from rental_payments join rental_contracts as contract on contract.id = contract_id
          where paid_on is not null
          union all
          select owner_id, refunded_on, -amount_cents, -least(amount_cents, rent_received_cents), administration_fee_percent
          from rental_refunds
          join rental_payments as payment on payment.id = payment_id
          join rental_contracts as contract on contract.id = contract_id
        ), movement as (
          select owner_id, day, cents as gross, round(fee_of * percent / 100) as fee, 0 as deductions from rent
          union all
          select owner_id, deducted_on, 0, 0, amount_cents from owner_deductions
        ), month as (
          select owner_id, date_trunc('month', day)::date as reference_month,
            sum(gross)::bigint as gross, sum(fee)::bigint as fee, sum(deductions)::bigint as deductions
          from movement
          where day < date_trunc('month', $1::date)
          group by 1, 2
        )
        select owner_id, reference_month, gross, gross_cents, fee, fee_cents, deductions, deductions_cents
        from month
        full join rental_transfers using (owner_id, reference_month)
        where (gross, fee, deductions) is distinct from (gross_cents, fee_cents, deductions_cents)
      `,
        [today],
      )
      expect([...wrong]).toEqual([])
    })
  },
)

test("a day later what was known is known still", async () => {
  const payments = async () => {
    const rows = await pool()<{ key: string; status: string; paidOn: string | null }[]>`
      select contract_id || ' ' || reference_month as key, status, paid_on::text from rental_payments
    `
    return new Map(rows.map(({ key, ...row }) => [key, row]))
  }
  await seedRentals(pool(), "2026-03-11")
  const before = await payments()
  await empty()
  await seedRentals(pool(), addDays("2026-03-11", 1))
  for (const [key, { status, paidOn }] of await payments())
    if (paidOn !== "2026-03-12") expect([key, { status, paidOn }]).toEqual([key, before.get(key)!])
})
