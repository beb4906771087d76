import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { join } from "node:path"
import postgres from "postgres"
import { findBackup, listBackups } from "../../db/backups.ts"
import { isDatabaseAway } from "../../db/errors.ts"
import { migrate } from "../../db/migrate.ts"
import { closePool, pool, sidePool } from "../../db/pool.ts"
import { readManifest } from "../../lib/backups/store.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { backup } from "../../lib/jobs/backup.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { startPostgres } from "../../sandbox/postgres/server.ts"
import { startService } from "../../sandbox/service.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { testRun } from "../testing.ts"
import { back, dropDatabases, emptyDatabase, restored, rowsIn, useOwnStorage } from "./testing.ts"

const PATIENCE = 60_000
const TABLES = ["heap"]
const before = { DATABASE_URL: process.env.DATABASE_URL!, STORAGE_URL: process.env.STORAGE_URL! }
const full = { type: "full" as const, tables: TABLES }

let dataDir: string
let server: Awaited<ReturnType<typeof startPostgres>>

const start = async (port?: number) => {
  server = await startPostgres({ dataDir, durable: false, port })
}

beforeAll(async () => {
  dataDir = join(await temporaryFolder(), "postgres")
  await start()
  await closePool()
  process.env.DATABASE_URL = server.url
  const sql = postgres(server.url, { max: 1, onnotice: () => undefined })
  await migrate(sql)
  await sql
    .unsafe(`
    create table heap (id int primary key, junk text not null);
    insert into heap select n, repeat(md5(n::text), 36) from generate_series(1, 20000) as n;
    analyze heap;
  `)
    .simple()
  await sql.end()
})
beforeEach(async () => {
  await useOwnStorage()
  await pool()`truncate backups`
})
afterEach(async () => {
  await queueOf(backup).obliterate({ force: true })
})
afterAll(async () => {
  await closePool()
  await dropDatabases()
  Object.assign(process.env, before)
  await server.stop()
})

/** End the server while this process does nothing else, so that what is under way cannot be over before. */
function endServer(signal: NodeJS.Signals) {
  server.kill(signal)
  Bun.spawnSync(["bash", "-c", `while (exec 3<>/dev/tcp/127.0.0.1/${server.port}) 2>&-; do sleep 0.05; done`])
}

async function startAgain() {
  await server.gone
  await start(server.port)
}

/** A run that has something happen to it at a stage, once. */
function runMeeting(stage: string, trouble: () => void) {
  let met = false
  return testRun({
    progress(progress) {
      if (progress.stage !== stage || met) return
      met = true
      trouble()
    },
  })
}

/** As a worker does: what fails because PostgreSQL is away is tried again. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let time = 1; ; time++)
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseAway(error) || time === 10) throw error
    }
}

const stored = async () => (await Array.fromAsync(backupStorage().list(""))).map(({ key }) => key)
const expectSame = async (url: string) =>
  expect(await rowsIn(url, TABLES)).toEqual(await rowsIn(process.env.DATABASE_URL!, TABLES))

test.each(["SIGINT", "SIGQUIT"] as const)(
  "PostgreSQL, restarted by %s in the middle of a backup, fails it as an outage, with nothing of it there; the one before is whole, and it is made in the end",
  async (signal) => {
    const { backupId: earlier } = await back(full)
    const keys = await stored()
    const run = runMeeting("backing_up", () => endServer(signal))
    const error = await back(full, run).catch((error) => error)
    expect(isDatabaseAway(error)).toBe(true)
    expect(await stored()).toEqual(keys)
    await startAgain()
    const { backupId } = await again(() => back(full, testRun({ id: run.id })))
    expect(backupId).toBe(run.id)
    await expectSame(await restored(backupId))
    await back({ type: "verify", backupId: earlier })
  },
)

test("PostgreSQL, restarted in the middle of a restore, fails it as an outage, and it is done when it is begun again", async () => {
  const { backupId } = await back(full)
  const into = await emptyDatabase()
  const say = (stage: string) => {
    if (stage === "finishing") endServer("SIGQUIT")
  }
  const error = await restored(backupId, { into, say }).catch((error) => error)
  expect(isDatabaseAway(error)).toBe(true)
  await startAgain()
  await expect(again(() => restored(backupId, { into }))).rejects.toThrow("is not empty")
  await restored(backupId, { into, replace: true })
  await expectSame(into)
})

test("a drill that was cut short is done in the end, and leaves nothing", async () => {
  const { backupId } = await back(full)
  const error = await back(
    { type: "drill" },
    runMeeting("finishing", () => endServer("SIGQUIT")),
  ).catch((error) => error)
  expect(isDatabaseAway(error)).toBe(true)
  await startAgain()
  expect(await again(() => back({ type: "drill" }))).toMatchObject({ backupId, rows: 20_000 })
  expect(await pool()`select from pg_database where datname like '%restore_drill'`).toHaveLength(0)
})

test("a backup that has lost the lock that keeps others away has ended when it says so", async () => {
  const run = runMeeting("backing_up", () => {
    const code = `
      import postgres from "postgres"
      const sql = postgres(process.env.DATABASE_URL, { max: 1 })
      const cut = await sql\`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'\`
      await sql.end()
      if (cut.length !== 1) throw new Error("there is no such lock")
    `
    const { success, stderr } = Bun.spawnSync([process.execPath, "-e", code], {
      cwd: join(import.meta.dir, "../.."),
      env: process.env,
    })
    if (!success) throw new Error(stderr.toString())
  })
  const error = await back(full, run).catch((error) => error)
  expect(isDatabaseAway(error)).toBe(true)
  expect(await readManifest(run.id, backupStorage())).toBeUndefined()
  const busy = await sidePool()`select from pg_stat_activity where query like 'copy %' and state <> 'idle'`
  expect(busy).toHaveLength(0)
  await again(() => back(full, testRun({ id: run.id })))
  await expectSame(await restored(run.id))
})

test("a worker outlives a restart in the middle of a backup, and makes it without a try burnt", async () => {
  const worker = await (
    await startService([process.execPath, "worker/main.ts"], { WORKER_QUEUES: "backup" })
  ).up()
  try {
    const { id } = await enqueue(backup, full)
    expect(await until(async () => (await findBackup(id))?.status === "running", PATIENCE)).toBe(true)
    endServer("SIGQUIT")
    await startAgain()
    const status = () => again(async () => (await findRun(backup, id))?.status)
    const hasEnded = async () => ["completed", "failed"].includes(String(await status()))
    if (!(await until(hasEnded, 100_000)))
      throw new Error(`It is still ${await status()}:\n${worker.output()}`)
    expect(await findRun(backup, id)).toMatchObject({ status: "completed", attemptsMade: 1 })
    expect(worker.over()).toBe(false)
    expect(await again(() => listBackups(10))).toMatchObject([{ id, status: "completed" }])
    await expectSame(await restored(id))
  } finally {
    await worker.stop()
  }
})
