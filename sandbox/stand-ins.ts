import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import postgres from "postgres"
import { migrate, migrateConfigured } from "../db/migrate.ts"
import { rememberPart } from "./data-folder.ts"
import { seedDevices } from "./demo/devices.ts"
import { seedIntegrations } from "./demo/integrations.ts"
import { seedPrices } from "./demo/prices.ts"
import { seedRentals } from "./demo/rentals.ts"
import { DEMO_ADMIN, seedDemo } from "./demo.ts"
import { startNotaParana } from "./nota-parana/simulator.ts"
import { portOf } from "./partners/port.ts"
import { startPartners } from "./partners/simulator.ts"
import { startPostgres } from "./postgres/server.ts"
import { startPush } from "./push/simulator.ts"
import { startRedis } from "./redis/server.ts"
import { startResend } from "./resend/simulator.ts"
import { readSecrets, type Secrets, vapidPublicKeyOf } from "./secrets.ts"
import { asSentence } from "./sentence.ts"

type Stoppable = { stop(): Promise<unknown>; gone?: Promise<void> }

interface Supervisor {
  /** Takes what has to be stopped. */
  add(step: () => Promise<unknown>): void
  /** Ends everything, and says why. */
  begin(code: number, why: string): Promise<never>
}

/** The variables that name a Redis, any of which keeps the stand-in away. */
const REDIS_NAMED = ["REDIS_URL", "UPSTASH_REDIS_HOST", "REDIS_CLUSTER_NODES", "REDIS_SENTINELS"]

/**
 * Stand-ins for every outside service that the environment does not name, with their data in one folder.
 * One that ends by itself ends everything.
 */
export function createStandIns(dataDir: string, supervisor: Supervisor) {
  const facts: [name: string, value: string][] = []

  const startOne = async <S extends Stoppable>(name: string, starting: Promise<S>): Promise<S> => {
    // Registered before it is up: a signal may come while it starts.
    supervisor.add(() =>
      starting.then(
        (started) => started.stop(),
        () => undefined,
      ),
    )
    const started = await starting.catch(asSentence)
    void started.gone?.then(() => supervisor.begin(1, `${name} has ended by itself`))
    return started
  }

  const redis = async () => {
    if (REDIS_NAMED.some((name) => process.env[name])) return {}
    const { url } = await startOne("Redis", startRedis({ dataDir: join(dataDir, "redis"), durable: true }))
    facts.push(["Redis", url])
    return { REDIS_URL: url }
  }

  /** Whom the demo's agency deals with; who brings a database of their own has others. */
  const partners = async (secrets: Secrets) => {
    if (process.env.DATABASE_URL) return undefined
    const folder = join(dataDir, "partners")
    const { crmToken, hookSecret } = secrets
    const started = await startOne(
      "The simulators of partners",
      portOf(folder).then((port) =>
        startPartners({ port, dataDir: folder, crmToken, hookSecret, isPeopled: true }),
      ),
    )
    facts.unshift(["Partners", started.url])
    return started
  }

  const database = async (adminPassword: string) => {
    if (process.env.DATABASE_URL) {
      await migrateConfigured()
      return {}
    }
    const { url } = await startOne(
      "PostgreSQL",
      startPostgres({ dataDir: join(dataDir, "postgres"), durable: true }),
    )
    await prepare(url, adminPassword)
    facts.push(["PostgreSQL", url], ["Admin user", `${DEMO_ADMIN} / ${adminPassword}`])
    return { DATABASE_URL: url }
  }

  const mail = async (key: string, webhook: { url: string; secret: string }) => {
    if (process.env.RESEND_API_KEY) return {}
    const { url } = await startOne(
      "The mail simulator",
      Promise.resolve(startResend({ key, dataDir: join(dataDir, "mail"), webhook })),
    )
    facts.unshift(["Mail sent", url])
    return {
      RESEND_API_KEY: key,
      RESEND_BASE_URL: url,
      RESEND_WEBHOOK_SECRET: webhook.secret,
      FROM_EMAIL: "Esteira <noreply@esteira.example>",
    }
  }

  const prices = async () => {
    if (process.env.NOTA_PARANA_URL) return {}
    const { url, api } = await startOne("The simulator of Nota Paraná", Promise.resolve(startNotaParana()))
    facts.unshift(["Prices asked", url])
    // A simulator minds nothing, unless it is told to.
    return { NOTA_PARANA_URL: api, NOTA_PARANA_DAILY_BUDGET: "10000", NOTA_PARANA_PAUSE: "50" }
  }

  const pushes = async (privateKey: string) => {
    if (process.env.VAPID_PUBLIC_KEY) return undefined
    const push = await startOne("The simulator of push services", Promise.resolve(startPush()))
    facts.unshift(["Pushes", push.url])
    const env = {
      VAPID_PUBLIC_KEY: vapidPublicKeyOf(privateKey),
      VAPID_PRIVATE_KEY: privateKey,
      VAPID_SUBJECT: "mailto:esteira@esteira.example",
      // With a token of Expo's it is Expo that is meant.
      ...(!process.env.EXPO_ACCESS_TOKEN && { EXPO_BASE_URL: push.url }),
    }
    return { push, env }
  }

  return {
    /** Start what is missing, and return the environment to run in. */
    async start(apiPort: number) {
      const secrets = await readSecrets(dataDir)
      const api = `http://localhost:${apiPort}`
      const fixed = {
        ADMIN_API_KEY: secrets.adminApiKey,
        API_URL: api,
        APP_URL: api,
        // Whoever is told of runs in development is on this machine.
        ALLOW_PRIVATE_ADDRESSES: "true",
        CALLBACK_SECRET: secrets.callbackSecret,
        SECRETS_KEY: secrets.secretsKey,
        SESSION_SECRET: secrets.sessionSecret,
        STORAGE_URL: pathToFileURL(join(dataDir, "storage")).href,
      }
      // The demo's integrations are sealed here, and opened there.
      process.env.SECRETS_KEY ||= secrets.secretsKey
      const [devices, deals, ...started] = await Promise.all([
        pushes(secrets.vapidPrivateKey),
        partners(secrets),
        redis(),
        database(secrets.adminPassword),
        prices(),
        mail(secrets.resendApiKey, {
          url: `${api}/webhooks/resend`,
          secret: process.env.RESEND_WEBHOOK_SECRET || secrets.resendWebhookSecret,
        }),
      ])
      const env: Record<string, string> = Object.assign({}, fixed, devices?.env, ...started)
      if (devices && !process.env.DATABASE_URL)
        await withDatabase(env.DATABASE_URL!, (sql) =>
          seedDevices(sql, DEMO_ADMIN, devices.push, devices.env.VAPID_PUBLIC_KEY),
        )
      if (deals)
        await withDatabase(env.DATABASE_URL!, (sql) =>
          seedIntegrations(sql, { partners: deals, secrets, api }),
        )
      for (const name of Object.keys(env)) if (process.env[name]) env[name] = process.env[name]

      facts.unshift(
        ["API", api],
        ["API reference", `${api}/openapi   (any name, and the API key as password)`],
        ["API key", env.ADMIN_API_KEY!],
        ["Callbacks", `signed with ${env.CALLBACK_SECRET}`],
      )
      await writeFile(join(dataDir, "services.json"), `${JSON.stringify(env, null, 2)}\n`, { mode: 0o600 })
      return env
    },
    remember: (parts: Parameters<typeof rememberPart>[1][]) =>
      Promise.all(parts.map((part) => rememberPart(dataDir, part))),
    welcome: () => welcome(facts),
  }
}

/** Bring a database to the present schema, with the demo data in it. */
const prepare = (url: string, adminPassword: string) =>
  withDatabase(url, async (session) => {
    await migrate(session)
    await seedDemo(session, adminPassword)
    await seedPrices(session)
    await seedRentals(session)
  })

async function withDatabase(url: string, act: (session: postgres.Sql) => Promise<unknown>) {
  const session = postgres(url, { max: 1, transform: postgres.camel, onnotice: () => undefined })
  try {
    await act(session)
  } finally {
    await session.end()
  }
}

function welcome(facts: [name: string, value: string][]) {
  const width = Math.max(...facts.map(([name]) => name.length))
  const [, api] = facts.find(([name]) => name === "API")!
  const [, key] = facts.find(([name]) => name === "API key")!
  return `
${facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join("\n")}

Ask for a run, and watch it go by above:

  curl ${api}/api/jobs/email \\
    -H "authorization: Bearer ${key}" -H "content-type: application/json" \\
    -d '{"data": {"to": "you@example.com", "template": "welcome", "data": {"userName": "Ana"}}}'
`
}
