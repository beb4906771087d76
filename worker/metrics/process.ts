import { monitorEventLoopDelay } from "node:perf_hooks"
import { gauge, total } from "./exposition.ts"

/** Milliseconds between two looks at how late the event loop is. */
const RESOLUTION = 20

/** Watches this process: what it uses, and how late its event loop is; the delays told are those since they were told last. */
export function createProcessMetrics() {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION })
  delays.enable()
  const startedAt = Date.now() / 1_000 - process.uptime()

  return () => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const delay = (which: string, nanoseconds: number) =>
      gauge(
        `esteira_event_loop_delay_${which}_seconds`,
        `How late the event loop was since the last scrape: ${which}.`,
        nanoseconds / 1e9,
      )
    const text = [
      delay("p50", delays.percentile(50)),
      delay("p99", delays.percentile(99)),
      delay("max", delays.max),
      total("esteira_process_cpu_seconds_total", "Processor time used.", (user + system) / 1e6),
      gauge("esteira_process_resident_memory_bytes", "Memory held.", rss),
      gauge("esteira_process_heap_used_bytes", "Memory that JavaScript uses.", heapUsed),
      gauge("esteira_process_start_time_seconds", "When the process started, since 1970.", startedAt),
    ]
    delays.reset()
    return text.join("")
  }
}
