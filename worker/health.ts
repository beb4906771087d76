import { pingDatabase } from "../db/pool.ts"
import { listen } from "../lib/listen.ts"
import { kept, readiness } from "../lib/readiness.ts"
import { pingRedis } from "../lib/redis/connect.ts"
import { redisWarnings } from "../lib/redis/warnings.ts"
import { serve } from "../lib/serve.ts"
import { within } from "../lib/within.ts"
import type { startWorkers } from "./workers.ts"

type Workers = ReturnType<typeof startWorkers>

const PATIENCE = 2_000

/** Serve `GET /health` (is every queue worked on?) and `GET /ready` (is what the runs need there?): 200, or 503. */
export function serveHealth(workers: Workers, port: number) {
  const reports: Record<string, () => Promise<{ status: string }>> = {
    "/health": kept(() => health(workers)),
    "/ready": kept(() =>
      readiness({ redis: () => pingRedis(workers.connection), postgres: () => pingDatabase() }),
    ),
  }
  const fetch = async ({ url }: Request) => {
    const report = reports[/^https?:\/\/[^/]*([^?#]*)/.exec(url)?.[1] ?? ""]
    return report
      ? answer(await report())
      : Response.json({ error: "Not found: /health and /ready are here" }, { status: 404 })
  }
  return listen(port, (hostname) => serve({ fetch, port, hostname }))
}

async function health({ connection, troubles, workers }: Workers) {
  const queues = workers.map((worker) => {
    const trouble = troubles.of(worker.name)
    const running = worker.isRunning() && !worker.closing && !trouble
    return { name: worker.name, running, ...(trouble ? { trouble: "its log says why" } : {}) }
  })
  const running = queues.every((queue) => queue.running)
  try {
    const warnings = await within(PATIENCE, "Redis", redisWarnings(connection))
    return {
      status: running ? "healthy" : "unavailable",
      uptime: Math.round(process.uptime()),
      queues,
      warnings,
    }
  } catch {
    const warnings = ["Redis does not answer"]
    return { status: "unavailable", uptime: Math.round(process.uptime()), queues, warnings }
  }
}

const answer = (report: { status: string }) =>
  Response.json(report, { status: report.status === "unavailable" ? 503 : 200 })
