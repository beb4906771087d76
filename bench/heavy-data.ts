import { pool } from "../db/pool.ts"

/** The first and the last day of what is charged. */
export const CHARGED = { startDate: "2024-01-01", endDate: "2025-08-31" }

const CONTRACTS = 250

/** Months of CHARGED: with 250 contracts 5,000 charges. */
const MONTHS = 20

/** An agency, which is there already, lets 250 homes for twenty months: 5,000 charges for reports to tell of. */
export async function drawCharges(agencyId: number) {
  const sql = pool()
  await sql`insert into owners (agency_id, name) values (${agencyId}, 'Éverton Kowalski')`
  await sql`
    insert into renters (agency_id, name)
    select ${agencyId}, 'Márcia Conceição Araújo ' || n from generate_series(1, ${CONTRACTS}::int) as n
  `
  await sql`
    insert into properties (agency_id, owner_id, code, title, type, category, status, rent_cents, street, number, city, uf, listed_on)
    select ${agencyId}, (select min(id) from owners), 'AP-' || n, 'Apartamento ' || n, 'apartment', 'aluguel', 'rented', 150000,
      'Avenida Colombo', n::text, 'Maringá', 'PR', '2023-12-01'
    from generate_series(1, ${CONTRACTS}::int) as n
  `
  await sql`
    insert into rental_contracts (agency_id, property_id, owner_id, renter_id, number, status, start_date, end_date, due_day, rent_cents,
      administration_fee_percent, late_fee_percent, condo_late_fee_percent, interest_percent_month, grace_days, adjustment_index, guarantee)
    select ${agencyId}, property.id, owner_id, (select min(id) from renters) + place - 1, 'L-' || place, 'active', ${CHARGED.startDate}, '2026-07-01',
      10, 150000, 10, 10, 2, 1, 0, 'IGP-M', 'none'
    from (select id, owner_id, row_number() over (order by id) as place from properties) as property
  `
  await sql`
    insert into rental_payments (agency_id, contract_id, reference_month, due_date, payable_until, rent_cents, paid_cents, paid_on, method, status)
    select ${agencyId}, contract.id, month::date, month::date + 9, month::date + 12, 150000,
      case when contract.id % 7 = 0 then 0 else 150000 end,
      case when contract.id % 7 = 0 then null else month::date + 9 end,
      case when contract.id % 7 = 0 then null else 'pix' end,
      case when contract.id % 7 = 0 then 'pending' else 'paid' end
    from rental_contracts as contract, generate_series(0, ${MONTHS - 1}::int) as step,
      lateral (select ${CHARGED.startDate}::date + step * interval '1 month') as each (month)
  `
  await sql`analyze`
}
