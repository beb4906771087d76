import { setTimeout as wait } from "node:timers/promises"
import { pingDatabase } from "../db/pool.ts"
import { listen } from "../lib/listen.ts"
import { queueKey } from "../lib/queues.ts"
import { kept, readiness } from "../lib/readiness.ts"
import { pingRedis } from "../lib/redis/connect.ts"
import { redisWarnings } from "../lib/redis/warnings.ts"
import { serve } from "../lib/serve.ts"
import { within } from "../lib/within.ts"
import { serveMetrics } from "./metrics/serve.ts"
import type { QueueWorker } from "./queue-worker.ts"
import type { Workers } from "./workers.ts"

const PATIENCE = 2_000

/** Milliseconds in which a worker with capacity free takes a run that waits, many times over. */
const TO_TAKE = 500

/** Serve `GET /health` (is every queue worked on?) and `GET /ready` (is what the runs need there?): 200, or 503. */
export function serveHealth(workers: Workers, metrics: () => Promise<string>, port: number) {
  const reports: Record<string, () => Promise<{ status: string }>> = {
    "/health": kept(() => health(workers)),
    "/ready": kept(() =>
      readiness({ redis: () => pingRedis(workers.connection), postgres: () => pingDatabase() }),
    ),
  }
  const fetch = async (request: Request) => {
    const path = /^https?:\/\/[^/]*([^?#]*)/.exec(request.url)?.[1] ?? ""
    if (path === "/metrics") return await serveMetrics(request, metrics)
    const report = reports[path]
    return report
      ? answer(await report())
      : Response.json({ error: "Not found: /health and /ready are here" }, { status: 404 })
  }
  return listen(port, (hostname) => serve({ fetch, port, hostname }))
}

async function health(all: Workers) {
  const { workers } = all
  const uptime = Math.round(process.uptime())
  try {
    const [warnings, ...standing] = await within(
      PATIENCE,
      "Redis",
      Promise.all([redisWarnings(all.connection), ...workers.map((worker) => stands(all, worker))]),
    )
    const queues = workers.map((worker, index) => report(all, worker, standing[index]!))
    const status = queues.every(({ running }) => running) ? "healthy" : "unavailable"
    return { status, uptime, queues, warnings }
  } catch {
    const queues = workers.map((worker) => report(all, worker, false))
    return { status: "unavailable", uptime, queues, warnings: ["Redis does not answer"] }
  }
}

function report({ troubles }: Workers, worker: QueueWorker, isStanding: boolean) {
  const trouble = troubles.of(worker.name)
    ? "its log says why"
    : isStanding
      ? "runs wait, and none is taken"
      : undefined
  const running = worker.isRunning() && !worker.closing && !trouble
  return { name: worker.name, running, ...(trouble ? { trouble } : {}) }
}

/** Whether runs that could be taken are not: there is capacity, and a moment later they still wait. */
async function stands(all: Workers, worker: QueueWorker) {
  const isIdle = async () => worker.active.size < worker.concurrency && (await waitingRuns(all, worker)) > 0
  const { taken } = worker
  if (!(await isIdle())) return false
  await wait(TO_TAKE)
  return worker.taken === taken && (await isIdle())
}

/** Runs that wait to be taken now: none of a queue that is paused, or at as many runs as it may. */
const WAITING = `
local meta = redis.call("HMGET", KEYS[3], "paused", "concurrency")
if meta[1] then return 0 end
if meta[2] and redis.call("LLEN", KEYS[4]) >= tonumber(meta[2]) then return 0 end
return redis.call("LLEN", KEYS[1]) + redis.call("ZCARD", KEYS[2])`

async function waitingRuns({ connection }: Workers, { name }: QueueWorker) {
  const keys = ["wait", "prioritized", "meta", "active"].map((kind) => queueKey(name, kind))
  return Number(await connection.eval(WAITING, keys.length, ...keys))
}

const answer = (report: { status: string }) =>
  Response.json(report, { status: report.status === "unavailable" ? 503 : 200 })
