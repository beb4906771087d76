import { Elysia } from "elysia"
import { pingDatabase } from "../../db/pool.ts"
import { queueClient } from "../../lib/queues.ts"
import { kept, readiness } from "../../lib/readiness.ts"
import { pingRedis } from "../../lib/redis/connect.ts"
import { redisWarnings } from "../../lib/redis/warnings.ts"
import { within } from "../../lib/within.ts"
import { documentHealth, documentReady } from "../documentation/health.ts"

/** Milliseconds that `/health` waits for what it would like to know. */
const PATIENCE = 500

const warnings = kept(() =>
  within(PATIENCE, "Redis", redisWarnings(queueClient())).catch(() => ["Redis does not answer"]),
)

const ready = kept(() => readiness({ redis: () => pingRedis(queueClient()), postgres: () => pingDatabase() }))

export const healthRoutes = new Elysia()
  .get(
    "/health",
    async () => ({ status: "ok", uptime: Math.round(process.uptime()), warnings: await warnings() }),
    { detail: documentHealth },
  )
  .get(
    "/ready",
    async ({ status }) => {
      const report = await ready()
      return status(report.status === "ready" ? 200 : 503, report)
    },
    { detail: documentReady },
  )
