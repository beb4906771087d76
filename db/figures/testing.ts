import { seedRentals } from "../../sandbox/demo/rentals.ts"
import { pool } from "../pool.ts"

/** The day that the demo's rentals are as of in these tests. */
export const TODAY = "2026-03-15"

/** A row as JSON has it: days as `2026-02-10`, moments in UTC, columns under their own names. */
export type PlainRow = Record<string, never>

/** Have the demo's rentals, and return all rows of its tables as they are. */
export async function demoRows() {
  await seedRentals(pool(), TODAY)
  const all = async (table: string) => {
    const rows = await pool()<{ row: PlainRow }[]>`select to_jsonb(each) as row from ${pool()(table)} as each`
    return rows.map(({ row }) => row)
  }
  return {
    agencies: await all("agencies"),
    contracts: await all("rental_contracts"),
    deductions: await all("owner_deductions"),
    leads: await all("leads"),
    owners: await all("owners"),
    payments: await all("rental_payments"),
    properties: await all("properties"),
    refunds: await all("rental_refunds"),
    renters: await all("renters"),
  }
}

/** All rows that come in batches. */
export async function collected<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const rows: T[] = []
  for await (const batch of batches) rows.push(...batch)
  return rows
}
