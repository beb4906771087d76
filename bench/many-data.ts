import { pool } from "../db/pool.ts"

/** Months for which each home is let. */
const MONTHS = 100

/** So many charges of an agency's homes, from 2017 on, a tenth of them overdue. Returns the days that they are of. */
export async function drawCharges(rows: number) {
  const homes = Math.ceil(rows / MONTHS)
  await pool().begin(async (tx) => {
    // What is made here is right, and to look at each row anew takes longer than to make it.
    await tx`set local session_replication_role = replica`
    await tx`
      insert into owners (agency_id, name) values (1, 'Antônio Carlos Bertolini')
    `
    await tx`
      insert into renters (agency_id, name, phone)
      select 1, 'Ana Beatriz Moreira ' || n, '+55419' || (10000000 + n) from generate_series(1, ${homes}::int) as n
    `
    await tx`
      insert into properties (agency_id, owner_id, code, title, type, category, status, rent_cents, street, number, city, uf, listed_on)
      select 1, 1, 'N' || n, 'Casa ' || n, 'house', 'aluguel', 'rented', 100000, 'Rua Quinze de Novembro', n::text, 'Maringá', 'PR', '2017-01-01'
      from generate_series(1, ${homes}::int) as n
    `
    await tx`
      insert into rental_contracts (agency_id, property_id, owner_id, renter_id, number, status, start_date, end_date, due_day, rent_cents,
        administration_fee_percent, late_fee_percent, condo_late_fee_percent, interest_percent_month, grace_days, adjustment_index, guarantee)
      select 1, n, 1, n, '2017/' || n, 'active', '2017-09-01', '2030-12-31', 10, 100000, 10, 10, 2, 1, 0, 'IPCA', 'none'
      from generate_series(1, ${homes}::int) as n
    `
    await tx`
      insert into rental_payments (agency_id, contract_id, reference_month, due_date, payable_until, rent_cents, paid_cents, paid_on, status)
      select 1, home, month, month + 9, month + 11, 100000,
        case when is_open then 0 else 100000 end, case when not is_open then month + 9 end,
        case when is_open then 'pending' else 'paid' end
      from generate_series(0, ${MONTHS - 1}::int) as passed
      cross join lateral (select ('2017-09-01'::date + passed * interval '1 month')::date as month) as months
      cross join generate_series(1, ${homes}::int) as home
      cross join lateral (select (home + passed) % 10 = 0 as is_open) as standing
    `
  })
  await pool()`vacuum analyze rental_payments`
  await pool()`analyze rental_contracts, properties, renters`
  return { startDate: "2017-09-01", endDate: "2025-12-31" }
}
