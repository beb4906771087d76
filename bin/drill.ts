import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { migrateConfigured } from "../db/migrate.ts"
import { closePool } from "../db/pool.ts"
import { boot } from "../lib/boot.ts"
import { closeQueues, closeRedis } from "../lib/queues.ts"
import { batchKillDrill } from "../sandbox/fleet/batch-kill-drill.ts"
import { killDrill } from "../sandbox/fleet/kill-drill.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { startRedis } from "../sandbox/redis/server.ts"
import { startResend } from "../sandbox/resend/simulator.ts"

/** Kill workers in the middle of their mails, as often as asked, with services of its own; exits with 1 if anything was lost or doubled. */
await boot(async () => {
  const { values } = parseArgs({
    options: {
      mails: { type: "string", default: "2000" },
      kills: { type: "string", default: "100" },
      // As one run, with so many recipients, in place of as many runs as mails.
      recipients: { type: "string" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), "esteira-drill-"))
  const redis = await startRedis({ dataDir: join(folder, "redis"), durable: false })
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), durable: false })
  const resend = startResend({ key: "re_the_drills_own_key" })
  Object.assign(process.env, {
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    RESEND_API_KEY: resend.key,
    RESEND_BASE_URL: resend.url,
    RESEND_REQUESTS_PER_SECOND: "10000",
    FROM_EMAIL: "Esteira <noreply@esteira.example>",
    APP_URL: "https://app.esteira.example",
    SESSION_SECRET: "a secret that signs nothing in a drill",
    STORAGE_URL: pathToFileURL(join(folder, "storage")).href,
  })
  await migrateConfigured()

  const [mails, kills, seed, recipients] = [
    values.mails,
    values.kills,
    values.seed,
    values.recipients ?? "0",
  ].map(Number) as [number, number, number, number]
  console.log(`${recipients ? `1 mail to ${recipients}` : `${mails} mails`}, ${kills} kills, seed ${seed}`)
  const onKill = (count: number, sent: number) => {
    if (count % 10 === 0) console.log(`${count} kills, ${sent} mails`)
  }
  const { ended, ...became } = recipients
    ? await batchKillDrill({ resend, recipients, kills, seed, onKill })
    : await killDrill({ resend, mails, kills, seed, onKill })
  console.log({ ended, ...became })
  const failed =
    !ended || Object.values(became).some((it) => it === false || (Array.isArray(it) && it.length > 0))

  await closeQueues()
  await closeRedis()
  await closePool(0)
  await Promise.all([redis.stop(), postgres.stop(), resend.stop()])
  await rm(folder, { recursive: true, force: true })
  process.exit(failed ? 1 : 0)
})
