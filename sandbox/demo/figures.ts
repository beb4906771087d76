import { pool } from "../../db/pool.ts"
import { seedRentals } from "./rentals.ts"

/** The day that the demo's rentals are as of in these tests. */
export const TODAY = "2026-03-15"

interface Owned {
  id: number
  agencyId: number
}

/** Rows as JSON has them: days as `2026-02-10`, moments with their offset. */
export interface Payment extends Owned {
  contractId: number
  dueDate: string
  payableUntil: string
  condoCents: number
  iptuCents: number
  extraCents: number
  totalCents: number
  lateFeeCents: number
  interestCents: number
  paidCents: number
  paidOn: string | null
  status: "pending" | "partially_paid" | "paid" | "cancelled" | "refunded"
}

interface Contract extends Owned {
  number: string
  propertyId: number
  ownerId: number
  renterId: number
  status: string
  startDate: string
  endDate: string
  endedOn: string | null
  rentCents: number
  administrationFeePercent: number
  lateFeePercent: number
  condoLateFeePercent: number
  interestPercentMonth: number
  graceDays: number
}

interface Refund extends Owned {
  paymentId: number
  amountCents: number
  refundedOn: string
}

interface Deduction extends Owned {
  ownerId: number
  amountCents: number
  deductedOn: string
}

export interface Property extends Owned {
  category: string
  status: string
  listedOn: string
}

type Stage = "contactedAt" | "visitedAt" | "proposedAt" | "wonAt" | "lostAt"
type Lead = Owned & { source: string; createdAt: string } & Record<Stage, string | null>

/** Have the demo's rentals, and return all rows of its tables as they are. */
export async function demoRows() {
  await seedRentals(pool(), TODAY)
  return {
    contracts: await all<Contract>("rental_contracts"),
    deductions: await all<Deduction>("owner_deductions"),
    leads: await all<Lead>("leads"),
    owners: await all<Owned & { name: string }>("owners"),
    payments: await all<Payment>("rental_payments"),
    properties: await all<Property>("properties"),
    refunds: await all<Refund>("rental_refunds"),
  }
}

async function all<Row>(table: string): Promise<Row[]> {
  const rows = await pool()<{ row: Row }[]>`select to_jsonb(each) as row from ${pool()(table)} as each`
  return rows.map(({ row }) => row)
}

/** All rows that come in batches. */
export async function collected<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const rows: T[] = []
  for await (const batch of batches) rows.push(...batch)
  return rows
}
