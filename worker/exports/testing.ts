import { pool } from "../../db/pool.ts"
import { dataExport } from "../../lib/jobs/export.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { seedRentals } from "../../sandbox/demo/rentals.ts"
import { seedDemo } from "../../sandbox/demo.ts"
import { perform, testRun } from "../testing.ts"

/** The day that the demo data are of. */
const TODAY = "2026-02-10"

/** Two agencies with their users and all they have let. */
export async function seedExports() {
  await seedDemo(pool(), "a password of the tests")
  await seedRentals(pool(), TODAY)
}

/** A payload as the door makes it of what somebody asks for. */
export function asked(data: unknown): JobPayload<typeof dataExport> {
  const { payload } = dataExport.accepts!.normalise(dataExport.accepts!.input.parse(data))
  return dataExport.payload.parse(payload)
}

/** Do what somebody asks for, and have what is known of the export, with its file. */
export async function exported(data: unknown, run = testRun()) {
  const result = await perform("export", asked(data), run)
  if (!("exportId" in result)) throw new Error("That was no export")
  const [row] = await pool()`select * from exports where id = ${result.exportId}`
  return { result, row: row!, file: await stored(row!.fileKey), run }
}

/** The bytes of a stored file. */
export async function stored(key: string): Promise<Buffer> {
  const content = await exportStorage().get(key)
  if (!content) throw new Error(`${key} is not there`)
  return Buffer.from(await new Response(content).arrayBuffer())
}
