import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import postgres from "postgres"
import { migrate } from "../db/migrate.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { startRedis } from "../sandbox/redis/server.ts"

/** Servers for one benchmark alone, and what the system needs to run in production form against them. */
export async function startRig() {
  const folder = await mkdtemp(join(tmpdir(), "esteira-bench-"))
  const [redis, database] = await Promise.all([
    startRedis({ dataDir: join(folder, "redis"), durable: false }),
    startPostgres({ dataDir: join(folder, "postgres"), durable: false }),
  ])
  const session = postgres(database.url, { max: 1, onnotice: () => undefined })
  await migrate(session)
  await session.end()
  const env = {
    NODE_ENV: "production",
    LOG_LEVEL: "info",
    REDIS_URL: redis.url,
    DATABASE_URL: database.url,
    ADMIN_API_KEY: "est_a_key_for_the_benchmarks",
    // Counted as in production, and never reached.
    RATE_LIMIT_ADMIN: "1000000000",
    RATE_LIMIT_ENQUEUE: "1000000000",
    QUEUE_DEPTH_LIMIT: "1000000000",
    APP_URL: "http://localhost:3000",
    SESSION_SECRET: "a secret that signs nothing in a benchmark",
    STORAGE_URL: pathToFileURL(join(folder, "storage")).href,
    RESEND_API_KEY: "re_never_used",
    FROM_EMAIL: "Bench <bench@example.com>",
  }
  return {
    env,
    async stop() {
      await Promise.all([redis.stop(), database.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
