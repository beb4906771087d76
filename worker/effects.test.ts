import { afterAll, beforeAll, expect, test } from "bun:test"
import { pathToFileURL } from "node:url"
import { migrateConfigured } from "../db/migrate.ts"
import { closePool } from "../db/pool.ts"
import { effectsDrill } from "../sandbox/fleet/effects-drill.ts"
import { type Servers, startServers } from "../sandbox/fleet/servers.ts"
import { startPartners } from "../sandbox/partners/simulator.ts"
import { moveTo, temporaryFolder, world } from "../sandbox/testing.ts"
import { moveToPushSimulator } from "./push/testing.ts"

const before = { DATABASE_URL: process.env.DATABASE_URL!, STORAGE_URL: process.env.STORAGE_URL! }

let servers: Servers
let leaveRedis: () => Promise<void>

beforeAll(async () => {
  servers = await startServers(await temporaryFolder())
  leaveRedis = await moveTo({ REDIS_URL: servers.redisUrl })
  await closePool()
  process.env.DATABASE_URL = servers.databaseUrl
  process.env.STORAGE_URL = pathToFileURL(await temporaryFolder()).href
  await migrateConfigured()
})
afterAll(async () => {
  await closePool()
  await leaveRedis()
  Object.assign(process.env, before)
  await servers.stop()
})

test.each([[1]])(
  "workers that are killed at random points, with Redis and PostgreSQL restarted among them, remind, notify, mail and exchange once (seed %d)",
  async (seed) => {
    const { push, goBack } = moveToPushSimulator()
    await using partners = startPartners({ pageSize: 3 })
    try {
      const outside = { resend: world.resend, push, partners }
      const became = await effectsDrill({ outside, servers, kills: 6, restarts: 2, seed })
      expect(became).toMatchObject({ ended: true, pushed: true, restarts: 2, wrong: [], notCompleted: [] })
    } finally {
      await goBack()
    }
  },
  300_000,
)
