import { afterAll, setDefaultTimeout } from "bun:test"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { createTestDatabase } from "../db/testing.ts"
import { startNotaParana } from "./nota-parana/simulator.ts"
import { startPostgres } from "./postgres/server.ts"
import { arrangeRedis } from "./redis/arrangement.ts"
import { pointRedisTo } from "./redis/environment.ts"
import { failOverOnce } from "./redis/fail-over-once.ts"
import { startResend } from "./resend/simulator.ts"
import { removeTemporaryFolders, temporaryFolder, world } from "./testing.ts"

setDefaultTimeout(120_000)

// A world of its own for each test process, whatever else runs on the machine.
const folder = await temporaryFolder()
const redis = await arrangeRedis(folder)
const resend = startResend({ key: "re_the_tests_own_key" })
const notaParana = startNotaParana()

// A run of the whole suite shares one server; a single file started by hand brings its own.
const server = process.env.TEST_DATABASE_SERVER
const postgres = server
  ? undefined
  : await startPostgres({ dataDir: join(folder, "postgres"), durable: false })
const database = await createTestDatabase(server ?? postgres!.url)

Object.assign(world, { resend, notaParana, redisMode: redis.mode })
// Nothing of the developer's own configuration: it may name services that are not for tests.
const readme = await readFile(join(import.meta.dir, "../README.md"), "utf8")
for (const [, name] of readme.matchAll(/^\| `([A-Z_]+)` \|/gm))
  if (name !== "NODE_ENV") delete process.env[name!]
pointRedisTo(redis.environment)
Object.assign(process.env, {
  DATABASE_URL: database.url,
  ADMIN_API_KEY: "est_a_key_for_the_tests",
  RESEND_API_KEY: "re_the_tests_own_key",
  RESEND_BASE_URL: resend.url,
  RESEND_REQUESTS_PER_SECOND: "10000",
  FROM_EMAIL: "Araucária <noreply@araucaria.example>",
  APP_URL: "https://app.araucaria.example",
  PARTNER_REQUESTS_PER_SECOND: "10000",
  SECRETS_KEY: `v1:${Buffer.alloc(32, "the tests").toString("base64")}`,
  SESSION_SECRET: "a secret that the tests sign their links with",
  STORAGE_URL: pathToFileURL(join(folder, "storage")).href,
  NOTA_PARANA_URL: notaParana.api,
  NOTA_PARANA_PAUSE: "1",
  RATE_LIMIT_ADMIN: "1000000",
  RATE_LIMIT_CONSOLE: "1000000",
  RATE_LIMIT_ENQUEUE: "1000000",
  LOG_LEVEL: "silent",
})

failOverOnce(redis)

const { sizePool } = await import("../db/pool.ts")
// Tests have as many processes in this one.
sizePool(20)

afterAll(async () => {
  const { closeQueues, closeRedis } = await import("../lib/queues.ts")
  const { closePool } = await import("../db/pool.ts")
  await closeQueues()
  await closeRedis()
  await closePool(0)
  await database.drop()
  await postgres?.stop()
  await redis.stop()
  await resend.stop()
  await notaParana.stop()
  await removeTemporaryFolders()
})
