import type postgres from "postgres"
import { dayIn } from "../../lib/days.ts"
import { agencies } from "./agencies.ts"
import { demoContracts } from "./rentals/contracts.ts"
import { demoDeductions } from "./rentals/deductions.ts"
import { demoLeads } from "./rentals/leads.ts"
import { demoPayments } from "./rentals/payments.ts"
import { demoOwners, demoRenters } from "./rentals/people.ts"
import { demoProperties } from "./rentals/properties.ts"
import { demoRefunds } from "./rentals/refunds.ts"
import { demoTransfers } from "./rentals/transfers.ts"

type Row = Record<string, unknown>
type Ids = Map<string, number>

/**
 * What two agencies have let in the 24 months up to a day: homes, people, contracts, payments, leads. The same for the same day, and nothing of
 * it lies after that day but what is to be paid. Once: where there are contracts already, nothing is added.
 */
export async function seedRentals(sql: postgres.Sql, today = dayIn("America/Sao_Paulo")) {
  await sql.begin(async (tx) => {
    await tx`lock table rental_contracts in share row exclusive mode`
    const [known] = await tx`select 1 from rental_contracts limit 1`
    if (known) return

    const insert = async (table: string, rows: Row[]) => {
      const inserted = await tx<{ id: number }[]>`insert into ${tx(table)} ${tx(rows)} returning id`
      return inserted.map(({ id }) => id)
    }
    const insertKeyed = async (table: string, lines: { key: string; row: Row }[]): Promise<Ids> => {
      const ids = await insert(
        table,
        lines.map(({ row }) => row),
      )
      return new Map(lines.map(({ key }, index) => [key, ids[index]!]))
    }

    const agency = await seedAgencies(tx)
    const owned = <Line extends { agency: string; row: Row }>(line: Line, more: Row = {}) => ({
      ...line,
      row: { ...line.row, ...more, agencyId: agency.get(line.agency)! },
    })
    const owner = await insertKeyed(
      "owners",
      demoOwners().map((each) => owned(each)),
    )
    const renter = await insertKeyed(
      "renters",
      demoRenters().map((each) => owned(each)),
    )
    const property = await insertKeyed(
      "properties",
      demoProperties(today).map((each) => owned(each, { ownerId: owner.get(each.owner) })),
    )
    const contracts = demoContracts(today)
    const contract = await insert(
      "rental_contracts",
      contracts.map((each) => {
        const [propertyId, ownerId, renterId] = [
          property.get(each.property),
          owner.get(each.owner),
          renter.get(each.renter),
        ]
        return owned(each, { propertyId, ownerId, renterId }).row
      }),
    )
    const payments = demoPayments(today)
    const refunds = demoRefunds(payments, today)
    const agencyOf = (payment: (typeof payments)[number]) => agency.get(contracts[payment.contract]!.agency)
    const payment = await insert(
      "rental_payments",
      payments.map((each) => ({
        ...each.row,
        contractId: contract[each.contract],
        agencyId: agencyOf(each),
      })),
    )
    await insert(
      "rental_refunds",
      refunds.map((each) => ({
        ...each.row,
        paymentId: payment[each.payment],
        agencyId: agencyOf(payments[each.payment]!),
      })),
    )
    const deductions = demoDeductions(today)
    await insert(
      "owner_deductions",
      deductions.map(
        (each) =>
          owned(each, { ownerId: owner.get(each.owner), propertyId: property.get(each.property) }).row,
      ),
    )
    await insert(
      "rental_transfers",
      demoTransfers(payments, refunds, deductions, today).map(
        (each) => owned(each, { ownerId: owner.get(each.owner) }).row,
      ),
    )
    const brokers = await brokersOf(tx)
    await insert(
      "leads",
      demoLeads(today).map((each) => {
        const staff = brokers.get(agency.get(each.agency)!) ?? []
        const assignedTo = staff[Math.floor(each.broker * staff.length)] ?? null
        return owned(each, { propertyId: each.property && property.get(each.property)!, assignedTo }).row
      }),
    )
  })
}

/** The agencies, each by its slug; one that is there already stays as it is. */
export async function seedAgencies(tx: postgres.TransactionSql): Promise<Ids> {
  await tx`
    insert into agencies ${tx(agencies.map(({ row }) => row))}
    on conflict (slug) do nothing
  `
  const rows = await tx<{ id: number; slug: string }[]>`
    select id, slug
    from agencies
    where slug in ${tx(agencies.map(({ row }) => row.slug))}
  `
  return new Map(rows.map(({ id, slug }) => [slug, id]))
}

async function brokersOf(tx: postgres.TransactionSql): Promise<Map<number, number[]>> {
  const users = await tx<{ id: number; agencyId: number }[]>`
    select id, agency_id
    from users
    where role in ('manager', 'broker')
    order by id
  `
  return new Map(
    [...Map.groupBy(users, ({ agencyId }) => agencyId)].map(([id, some]) => [
      id,
      some.map((user) => user.id),
    ]),
  )
}
