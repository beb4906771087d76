import { closePool } from "../db/pool.ts"
import { child } from "./children.ts"
import { COLUMNS, drawLeads } from "./export-data.ts"
import { drawCharges } from "./many-data.ts"
import { numbers, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// Very many rows as an export and as a report, in each format: the time, and whether memory stays what it is for few.
const { rows } = numbers({ rows: 10_000_000 })
const rig = await startRig()
Object.assign(process.env, rig.env)

interface Made {
  up?: true
  /** Milliseconds. */
  took: number
  bytes: number
  /** Why there is none. */
  refusal?: string
  /** Megabytes of memory at the most. */
  peak: number
  /** Milliseconds that everything else waited, but for the worst hundredth. */
  delay: number
}

await drawLeads(rows)
for (const how of [
  { format: "csv" },
  { format: "json" },
  { format: "csv", archive: true },
  { format: "xlsx" },
]) {
  const asked = { tables: ["leads"], columns: { leads: COLUMNS }, ...how }
  await measure(`export, ${how.archive ? "ZIP of " : ""}${how.format}`, "our-export.ts", asked)
}

const days = await drawCharges(rows)
for (const format of ["pdf", "csv", "xlsx"]) {
  const asked = {
    type: "custom",
    agencyId: 1,
    content: ["rental"],
    format,
    ...days,
    at: "2026-01-05T12:00:00Z",
  }
  await measure(`report, ${format}`, "our-stored-report.ts", { includeCharts: true, ...asked })
}

await closePool()
await rig.stop()

/** In a process of its own: what one took at the most says nothing of another. */
async function measure(name: string, script: string, asked: object) {
  const maker = child<Made>(script, rig.env)
  await maker.next()
  const { took, bytes, refusal, peak, delay } = await maker.ask(asked)
  await maker.stop()
  const came = refusal ?? `${(bytes / 1e6).toFixed(0)} MB`
  console.log(
    `${name}: ${(took / 1_000).toFixed(1)} s, ${came}, everything else waited ${delay.toFixed(0)} ms (p99)`,
  )
  verdict(`peak memory, ${name}`, peak, "<=", 250, " MB")
}
