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
