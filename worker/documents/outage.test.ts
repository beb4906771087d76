import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { migrate } from "../../db/migrate.ts"
import { closePool, directSession, pool } from "../../db/pool.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { dataExport } from "../../lib/jobs/export.ts"
import { report } from "../../lib/jobs/report.ts"
import { findRun } from "../../lib/runs.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startPostgres } from "../../sandbox/postgres/server.ts"
import { startProxy } from "../../sandbox/proxy.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { temporaryFolder, withRedisAt } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { exported } from "../exports/testing.ts"
import { letMany, monthly, seedAgency, stored, storedKeys } from "../reports/testing.ts"
import { perform } from "../testing.ts"

const PATIENCE = 60_000
const HOMES = 1_000
const PRODUCTS = 1_500

/** Bytes a second from PostgreSQL. */
const SPEED = 70_000

const before = process.env.DATABASE_URL!
let databases: Awaited<ReturnType<typeof place>>
let postgres: Awaited<ReturnType<typeof startPostgres>>
let line: Awaited<ReturnType<typeof startProxy>>
let worker: Service

const place = async () => ({
  dataDir: join(await temporaryFolder(), "postgres"),
  durable: true,
  port: await freePort(),
})

beforeAll(async () => {
  databases = await place()
  postgres = await startPostgres(databases)
  await closePool()
  process.env.DATABASE_URL = postgres.url
  const session = directSession()
  await migrate(session).finally(() => session.end())
  await seedAgency()
  await letMany(HOMES)
  await pool()`insert into products (name, brand) select repeat(md5(n::text), 4), 'b' || n from generate_series(1, ${PRODUCTS}::int) as n`
  line = await startProxy(databases.port, { speed: SPEED })
})

afterEach(() => worker.stop())

afterAll(async () => {
  await line.stop()
  await closePool()
  await postgres.stop()
  process.env.DATABASE_URL = before
})

const start = () =>
  startService([process.execPath, "worker/main.ts"], {
    WORKER_QUEUES: "export,report",
    LOCK_DURATION: "1000",
    STALLED_INTERVAL: "500",
    MAX_STALLED_COUNT: "1000",
    DATABASE_URL: Object.assign(new URL(process.env.DATABASE_URL!), { host: `127.0.0.1:${line.port}` }).href,
  })

const table = { tables: ["products"], format: "csv" }
const rents = monthly({ content: ["rental"] })

/** Both as they are when nothing happens. */
const undisturbed = async () => ({
  table: (await exported(table)).row.sha256 as string,
  report: (await stored((await perform("report", rents)).storageKey!))!,
})

/** Have a worker in the middle of reading what both are made of. */
async function inTheMiddle() {
  const asked = {
    export: (await enqueue(dataExport, table as never)).id,
    report: (await enqueue(report, rents)).id,
  }
  worker = await start()
  const reading = async () => {
    const rows = await pool()<{ what: string }[]>`
      select distinct left(ltrim(query), 4) as what from pg_stat_activity
      where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()
        and (query like 'copy (select%' or query like 'fetch forward%')
    `
    return rows.length === 2
  }
  expect(await until(reading, PATIENCE)).toBe(true)
  return asked
}

async function expectWhole(
  asked: { export: string; report: string },
  whole: { table: string; report: Buffer },
) {
  const ended = async () =>
    (await findRun(dataExport, asked.export))?.status === "completed" &&
    (await findRun(report, asked.report))?.status === "completed"
  expect(await until(() => ended().catch(() => false), PATIENCE)).toBe(true)
  const rows = await pool()`select status, sha256 from exports where run_id = ${asked.export}`
  expect([...rows]).toEqual([{ status: "completed", sha256: whole.table }])
  const files = await Array.fromAsync(exportStorage().list(`exports/${asked.export}/`))
  expect(files.map(({ key }) => key)).toEqual([`exports/${asked.export}/products.csv`])
  const keys = (await storedKeys()).filter((key) => key.includes(asked.report))
  expect(keys).toHaveLength(1)
  expect((await stored(keys[0]!))!.equals(whole.report)).toBe(true)
  expect(await pool()`select 1 from reports where run_id = ${asked.report}`).toHaveLength(1)
}

test("with PostgreSQL restarted in the middle, an export and a report are made all the same, as if nothing had been", async () => {
  const whole = await undisturbed()
  const asked = await inTheMiddle()
  await closePool()
  await postgres.stop()
  expect(await until(() => /PostgreSQL is away/.test(worker.output()), PATIENCE)).toBe(true)
  postgres = await startPostgres(databases)
  await expectWhole(asked, whole)
}, 180_000)

test("with Redis stopped in the middle, an export and a report are made all the same, as if nothing had been", async () => {
  const redis = {
    dataDir: await temporaryFolder(),
    durable: true,
    port: await freePort(),
    args: ["--appendfsync", "always"],
  }
  const first = await startRedis(redis)
  await withRedisAt(first.url, async () => {
    const whole = await undisturbed()
    const asked = await inTheMiddle()
    await first.stop()
    const unread = async () => (await storedKeys()).filter((key) => key.includes(asked.report)).length === 0
    expect(await unread()).toBe(true)
    const second = await startRedis(redis)
    await expectWhole(asked, whole)
    await worker.stop()
    await second.stop()
  })
}, 180_000)
