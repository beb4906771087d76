import { monitorEventLoopDelay } from "node:perf_hooks"
import { reportPdf } from "../worker/reports/pdf.ts"
import { reportOf } from "./report-data.ts"

// A report of so many rows each time it is told to: with the milliseconds it took, its bytes, and the worst of what others waited.
process.on("message", async (rows: number) => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const began = performance.now()
  let bytes = 0
  for await (const chunk of reportPdf(reportOf(rows), new AbortController().signal)) bytes += chunk.length
  const took = performance.now() - began
  delay.disable()
  process.send!({
    took,
    bytes,
    peak: process.resourceUsage().maxRSS / 1_024,
    delay: delay.percentile(99) / 1e6,
  })
})
process.send!({ up: true })
