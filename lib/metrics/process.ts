import { watchEventLoop } from "./event-loop.ts"
import { gauge, total } from "./exposition.ts"

/** Watches this process: what it uses, and how late its event loop is; the delays told are those since they were told last. */
export function createProcessMetrics() {
  const lateness = watchEventLoop()
  const startedAt = Date.now() / 1_000 - process.uptime()

  return () => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const delay = (which: string, seconds: number) =>
      gauge(
        `esteira_event_loop_delay_${which}_seconds`,
        `How late the event loop was since the last scrape: ${which}.`,
        seconds,
      )
    const { p50, p99, max } = lateness()
    return [
      delay("p50", p50),
      delay("p99", p99),
      delay("max", max),
      total("esteira_process_cpu_seconds_total", "Processor time used.", (user + system) / 1e6),
      gauge("esteira_process_resident_memory_bytes", "Memory held.", rss),
      gauge("esteira_process_heap_used_bytes", "Memory that JavaScript uses.", heapUsed),
      gauge("esteira_process_start_time_seconds", "When the process started, since 1970.", startedAt),
    ].join("")
  }
}
