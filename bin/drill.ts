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
import { effectsDrill } from "../sandbox/fleet/effects-drill.ts"
import { killDrill } from "../sandbox/fleet/kill-drill.ts"
import { startServers } from "../sandbox/fleet/servers.ts"
import { startPartners } from "../sandbox/partners/simulator.ts"
import { startResend } from "../sandbox/resend/simulator.ts"
import { moveToPushSimulator } from "../worker/push/testing.ts"

/** Kill workers in the middle of their mails, as often as asked, with services of its own; exits with 1 if anything was lost or doubled. */
await boot(async () => {
  const { values } = parseArgs({
    options: {
      mails: { type: "string", default: "2000" },
      kills: { type: "string", default: "100" },
      // As one run, with so many recipients, in place of as many runs as mails.
      recipients: { type: "string" },
      // Reminders, notifications, mailings and syncs in place of mails, with so many restarts of Redis and PostgreSQL.
      effects: { type: "boolean", default: false },
      restarts: { type: "string", default: "10" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), "esteira-drill-"))
  const servers = await startServers(folder)
  const resend = startResend({ key: "re_the_drills_own_key", lean: true })
  const { push, goBack } = moveToPushSimulator()
  const partners = startPartners({ pageSize: 3 })
  Object.assign(process.env, {
    REDIS_URL: servers.redisUrl,
    DATABASE_URL: servers.databaseUrl,
    RESEND_API_KEY: resend.key,
    RESEND_BASE_URL: resend.url,
    RESEND_REQUESTS_PER_SECOND: "10000",
    FROM_EMAIL: "Esteira <noreply@esteira.example>",
    APP_URL: "https://app.esteira.example",
    PARTNER_REQUESTS_PER_SECOND: "10000",
    SECRETS_KEY: `v1:${Buffer.alloc(32, "a drill").toString("base64")}`,
    SESSION_SECRET: "a secret that signs nothing in a drill",
    STORAGE_URL: pathToFileURL(join(folder, "storage")).href,
  })
  await migrateConfigured()

  const [mails, kills, restarts, seed, recipients] = [
    values.mails,
    values.kills,
    values.restarts,
    values.seed,
    values.recipients ?? "0",
  ].map(Number) as [number, number, number, number, number]
  const what = values.effects
    ? `reminders, notifications, mailings and syncs, ${restarts} restarts`
    : recipients
      ? `1 mail to ${recipients}`
      : `${mails} mails`
  console.log(`${what}, ${kills} kills, seed ${seed}`)
  const onKill = (count: number, sent: number) => {
    if (count % 10 === 0) console.log(`${count} kills, ${sent} mails`)
  }
  const perform = () => {
    if (values.effects) {
      const outside = { resend, push, partners }
      const say = (count: number, met: string) => console.log(`${count}: in the middle of ${met}`)
      return effectsDrill({ outside, servers, kills, restarts, seed, onKill: say })
    }
    if (recipients) return batchKillDrill({ resend, recipients, kills, seed, onKill })
    return killDrill({ resend, mails, kills, seed, onKill })
  }
  const { ended, ...became } = await perform()
  console.log({ ended, ...became })
  const failed =
    !ended || Object.values(became).some((it) => it === false || (Array.isArray(it) && it.length > 0))

  await closeQueues()
  await closeRedis()
  await closePool(0)
  await Promise.all([servers.stop(), resend.stop(), goBack(), partners.stop()])
  await rm(folder, { recursive: true, force: true })
  process.exit(failed ? 1 : 0)
})
