import { pingDatabase } from "../db/pool.ts"
import { listen } from "../lib/listen.ts"
import { readiness } from "../lib/readiness.ts"
import { pingRedis } from "../lib/redis/connect.ts"
import { redisWarnings } from "../lib/redis/warnings.ts"
import { within } from "../lib/within.ts"
import type { startWorkers } from "./workers.ts"

type Workers = ReturnType<typeof startWorkers>

const PATIENCE = 2_000

/** Serve `GET /health` (is every queue worked on?) and `GET /ready` (is what the runs need there?): 200, or 503. */
export const serveHealth = (workers: Workers, port: number) =>
  listen(port, (hostname) =>
    Bun.serve({
      port,
      hostname,
      // Else a second process would share the port unnoticed in production.
      reusePort: false,
      routes: {
        "/health": async () => answer(await health(workers)),
        "/ready": async () =>
          answer(
            await readiness({ redis: () => pingRedis(workers.connection), postgres: () => pingDatabase() }),
          ),
      },
      fetch: () => Response.json({ error: "Not found: /health and /ready are here" }, { status: 404 }),
    }),
  )

async function health({ connection, workers }: Workers) {
  const queues = workers.map((worker) => ({
    name: worker.name,
    running: worker.isRunning() && !worker.closing,
  }))
  const running = queues.every((queue) => queue.running)
  try {
    const warnings = await within(PATIENCE, "Redis", redisWarnings(connection))
    return {
      status: running ? "healthy" : "unavailable",
      uptime: Math.round(process.uptime()),
      queues,
      warnings,
    }
  } catch (error) {
    const warnings = [`Redis does not answer: ${(error as Error).message}`]
    return { status: "unavailable", uptime: Math.round(process.uptime()), queues, warnings }
  }
}

const answer = (report: { status: string }) =>
  Response.json(report, { status: report.status === "unavailable" ? 503 : 200 })
