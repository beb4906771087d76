import { monitorEventLoopDelay } from "node:perf_hooks"
import type { JobPayload } from "../lib/jobs/index.ts"
import type { report } from "../lib/jobs/report.ts"
import { makeReport, wantedOf } from "../worker/reports/make.ts"
import { loneRun } from "./lone-run.ts"

// A report each time it is told to, from the database into the storage; or why there is none.
process.on("message", async (payload: JobPayload<typeof report>) => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const run = loneRun()
  const began = performance.now()
  const made = await wantedOf(payload)
    .then((wanted) => makeReport(wanted, `reports/1/${run.id}/report.${payload.format}`, run))
    .catch((error: Error) => ({ refusal: error.message, fileSize: 0 }))
  const took = performance.now() - began
  delay.disable()
  process.send!({
    took,
    bytes: made.fileSize,
    refusal: "refusal" in made ? made.refusal : undefined,
    peak: process.resourceUsage().maxRSS / 1_024,
    delay: delay.percentile(99) / 1e6,
  })
})
process.send!({ up: true })
