import { monitorEventLoopDelay } from "node:perf_hooks"
import { dataExport } from "../lib/jobs/export.ts"
import { exportTables } from "../worker/exports/tables.ts"
import { loneRun } from "./lone-run.ts"

// An export each time it is told to, with all that comes with it: the count, the snapshot, the hash, the storage and its note.
process.on("message", async (asked: object) => {
  const payload = dataExport.payload.parse({ kind: "tables", filters: {}, ...asked })
  if (payload.kind !== "tables") throw new TypeError("Only tables are measured")
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const began = performance.now()
  const { done } = await exportTables(payload, loneRun())
  const took = performance.now() - began
  delay.disable()
  process.send!({
    took,
    bytes: done.fileSize,
    peak: process.resourceUsage().maxRSS / 1_024,
    delay: delay.percentile(99) / 1e6,
  })
})
process.send!({ up: true })
