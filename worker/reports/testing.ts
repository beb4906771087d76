import { pool } from "../../db/pool.ts"
import type { JobNamed, JobPayload } from "../../lib/jobs/index.ts"
import { storage } from "../../lib/storage/storage.ts"
import { seedRentals } from "../../sandbox/demo/rentals.ts"
import { seedDemo } from "../../sandbox/demo.ts"

/** The moment that the reports of tests are asked for at: a Sunday in the middle of a month. */
export const AT = "2026-03-15T11:00:00Z"

/** Two agencies, who works there, and what they have let until that day. */
export async function seedAgency() {
  await seedDemo(pool(), "a password of the demo's people")
  await seedRentals(pool(), AT.slice(0, 10))
}

/** Let so many more homes of the first agency, each with a charge of the month that its report is about: reading them takes a while. */
export async function letMany(count: number) {
  const [{ owner, renter }] = await pool()<[{ owner: number; renter: number }]>`
    select min(owners.id) as owner, min(renters.id) as renter from owners join renters using (agency_id) where agency_id = 1
  `
  await pool()`
    with home as (
      insert into properties (agency_id, owner_id, code, title, type, category, status, rent_cents, street, city, uf, listed_on)
      select 1, ${owner}, 'N' || n, 'Casa ' || n, 'house', 'aluguel', 'rented', 100000, 'Rua ' || md5(n::text), 'Maringá', 'PR',
        '2025-01-01'
      from generate_series(1, ${count}::int) as n
      returning id, code
    ), contract as (
      insert into rental_contracts (agency_id, property_id, owner_id, renter_id, number, status, start_date, end_date, due_day, rent_cents,
        administration_fee_percent, late_fee_percent, condo_late_fee_percent, interest_percent_month, grace_days, adjustment_index, guarantee)
      select 1, id, ${owner}, ${renter}, code, 'active', '2026-01-01', '2028-12-31', 10, 100000, 10, 10, 2, 1, 0, 'IPCA', 'none'
      from home
      returning id
    )
    insert into rental_payments (agency_id, contract_id, reference_month, due_date, payable_until, rent_cents)
    select 1, id, '2026-02-01', '2026-02-10', '2026-02-10', 100000 from contract
  `
}

/** A report of the first agency, of the month before, as PDF unless said otherwise. */
export const monthly = (
  given: Partial<JobPayload<JobNamed<"report">>> = {},
): JobPayload<JobNamed<"report">> => ({
  type: "monthly",
  agencyId: 1,
  content: ["metrics", "rental", "overdue", "owners", "leads"],
  format: "pdf",
  includeCharts: true,
  at: AT,
  ...given,
})

/** The bytes of a stored file; undefined when there is none. */
export async function stored(key: string): Promise<Buffer | undefined> {
  const stream = await storage().get(key)
  return stream && Buffer.from(await new Response(stream).arrayBuffer())
}

/** The keys of all reports that are stored. */
export const storedKeys = async () =>
  (await Array.fromAsync(storage().list("reports/"))).map(({ key }) => key)
