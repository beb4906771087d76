import type { LivingWorker } from "../living-workers.ts"
import type { QueueCounts } from "./counts.ts"

/** Failed runs above which a queue wants looking at, and above which something is wrong with it. */
const FAILED = { warning: 50, critical: 200 }

/** Waiting runs above which some should be under way. */
const BACKLOG = 100

export type HealthStatus = "healthy" | "warning" | "critical"

/** What is wrong with a queue, a sentence each, and how bad it is. */
export function judgeQueue(
  { name, counts }: { name: string; counts: QueueCounts },
  workers: readonly LivingWorker[],
): { name: string; status: HealthStatus; issues: string[] } {
  const { waiting, active, failed, paused } = counts
  const found: [status: HealthStatus, issue: string][] = []
  if (failed > FAILED.critical) found.push(["critical", `Failed runs: ${failed}`])
  else if (failed > FAILED.warning) found.push(["warning", `Failed runs: ${failed}`])
  if (paused) found.push(["warning", `The queue is paused; runs that wait: ${waiting}`])
  // What a paused queue holds waits for whoever paused it.
  else if (waiting && !workers.some(({ queues }) => queues.includes(name)))
    found.push(["critical", `No worker that takes its runs has been heard of; runs that wait: ${waiting}`])
  else if (waiting > BACKLOG && active === 0)
    found.push(["warning", `The queue may be stalled: no run is active; runs that wait: ${waiting}`])
  return { name, status: worst(found.map(([status]) => status)), issues: found.map(([, issue]) => issue) }
}

const BY_SEVERITY: HealthStatus[] = ["critical", "warning", "healthy"]

const worst = (statuses: HealthStatus[]): HealthStatus =>
  BY_SEVERITY.find((status) => statuses.includes(status)) ?? "healthy"
