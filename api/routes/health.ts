import { Elysia } from "elysia"
import { pingDatabase } from "../../db/pool.ts"
import { queueClient } from "../../lib/queues.ts"
import { kept, readiness } from "../../lib/readiness.ts"
import { pingRedis } from "../../lib/redis/connect.ts"
import { redisWarnings } from "../../lib/redis/warnings.ts"
import { within } from "../../lib/within.ts"

/** Milliseconds that `/health` waits for what it would like to know. */
const PATIENCE = 500

const warnings = kept(() =>
  within(PATIENCE, "Redis", redisWarnings(queueClient())).catch(() => ["Redis does not answer"]),
)

const ready = kept(() => readiness({ redis: () => pingRedis(queueClient()), postgres: () => pingDatabase() }))

export const healthRoutes = new Elysia({ detail: { tags: ["health"], security: [] } })
  .get(
    "/health",
    async () => ({ status: "ok", uptime: Math.round(process.uptime()), warnings: await warnings() }),
    { detail: { summary: "Whether the process is alive, and what is wrong with its surroundings" } },
  )
  .get(
    "/ready",
    async ({ status }) => {
      const report = await ready()
      return status(report.status === "ready" ? 200 : 503, report)
    },
    { detail: { summary: "Whether what the service depends on answers; 503 when not" } },
  )
