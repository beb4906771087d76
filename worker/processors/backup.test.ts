import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { findBackup, listBackups } from "../../db/backups.ts"
import { pool } from "../../db/pool.ts"
import type { Manifest } from "../../lib/backups/manifest.ts"
import { cancelRun } from "../../lib/cancel.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { backup } from "../../lib/jobs/backup.ts"
import { addBackupJob } from "../../lib/producers.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { schedulesOf } from "../../lib/schedules/declared.ts"
import { backupStorage, storage } from "../../lib/storage/storage.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { readChain } from "../backup/chain.ts"
import { back, restored, rowsIn, useOwnStorage, useOwnWorld } from "../backup/testing.ts"
import { restoreFiles } from "../restore/files.ts"
import { enqueued, testRun, tick } from "../testing.ts"

useOwnWorld()

const PATIENCE = 60_000
const KILLS = 6
const SEED = 512

let worker: Service | undefined

beforeAll(async () => {
  await pool()
    .unsafe(`
    create table heap (id int primary key, junk text not null);
    insert into heap select n, md5(n::text) || md5((n * 7)::text) || repeat(md5((n * 3)::text), 3) from generate_series(1, 200000) as n;
    analyze heap;
  `)
    .simple()
})
beforeEach(async () => {
  await useOwnStorage()
  await pool()`truncate backups`
})
afterEach(async () => {
  await worker?.stop()
  worker = undefined
  await queueOf(backup).obliterate({ force: true })
})

const start = () =>
  startService([process.execPath, "worker/main.ts"], {
    WORKER_QUEUES: "backup",
    LOCK_DURATION: "1000",
    STALLED_INTERVAL: "500",
    MAX_STALLED_COUNT: "1000",
  })
const statusOf = async (id: string) => (await findRun(backup, id))?.status
const stored = async () => (await Array.fromAsync(backupStorage().list(""))).map(({ key }) => key)

test("both specifications' words are taken, and mean the same", async () => {
  await addBackupJob({ backupType: "full", compress: true, tables: ["products", "markets"] })
  await addBackupJob({ type: "incremental", includeFiles: true, retention: 30 })
  await addBackupJob({ backupType: "incremental", compress: false, encrypt: false, description: "by hand" })
  await addBackupJob({})
  const shared = { compress: true, includeFiles: false, retention: 30 }
  expect((await enqueued("backup")).map(({ name, payload }) => ({ name, payload }))).toEqual(
    [
      { type: "full", ...shared, tables: ["products", "markets"] },
      { type: "incremental", ...shared, includeFiles: true },
      { type: "incremental", ...shared, compress: false, encrypt: false, description: "by hand" },
      { type: "full", ...shared },
    ].map((payload) => ({ name: "start-backup", payload: payload as never })),
  )
  await expect(addBackupJob({ type: "full", backupType: "incremental" })).rejects.toThrow(
    "backupType: the same as type, or nothing",
  )
  await expect(addBackupJob({ type: "verify" } as never)).rejects.toThrow("backupId")
})

test("is made at two in the morning, and restored for a trial on Sundays", () => {
  const schedules = schedulesOf([backup]).map(({ name, cron, zone, payload }) => ({
    name,
    cron,
    zone,
    payload: payload(new Date()),
  }))
  expect(schedules).toEqual([
    { name: "database-backup", cron: "0 2 * * *", zone: "America/Sao_Paulo", payload: { type: "full" } },
    { name: "restore-drill", cron: "41 4 * * 0", zone: "America/Sao_Paulo", payload: { type: "drill" } },
  ])
})

test("a run that is tried again after all but its end was done makes no second backup", async () => {
  const run = testRun()
  const first = await back({ type: "full", tables: ["heap"] }, run)
  const keys = await stored()
  // The worker was killed before it could say so.
  await pool()`update backups set status = 'running', finished_at = null, verified_at = null`
  expect(await back({ type: "full", tables: ["heap"] }, run)).toEqual(first)
  expect(await stored()).toEqual(keys)
  expect(await findBackup(run.id)).toMatchObject({ status: "completed", verifiedAt: expect.any(Date) })
  expect(await listBackups(10)).toHaveLength(1)
})

test(`killed ${KILLS} times at random points, a backup is made in the end, once and whole`, async () => {
  const random = createRandom(SEED)
  worker = await start()
  const { id } = await enqueue(backup, { type: "full", tables: ["heap"] })
  for (let kill = 1; kill <= KILLS; kill += 1) {
    expect(
      await until(
        async () => (await statusOf(id)) === "active" || (await statusOf(id)) === "completed",
        PATIENCE,
      ),
    ).toBe(true)
    await Bun.sleep(random() * 1_000)
    worker.signal("SIGKILL")
    await worker.ended
    worker = await start()
  }
  expect(await until(async () => (await statusOf(id)) === "completed", PATIENCE)).toBe(true)
  const keys = await stored()
  expect(keys.every((key) => key.startsWith(`backups/${id}/`))).toBe(true)
  expect(keys.filter((key) => key.includes(".copy"))).toHaveLength(1)
  expect(await listBackups(10)).toMatchObject([{ id, status: "completed" }])
  expect(await rowsIn(await restored(id), ["heap"])).toEqual(
    await rowsIn(process.env.DATABASE_URL!, ["heap"]),
  )
}, 300_000)

test("is cancelled from anywhere within two seconds, and leaves nothing", async () => {
  worker = await (await start()).up()
  const { id } = await enqueue(backup, { type: "full", tables: ["heap"] })
  expect(await until(async () => (await findBackup(id))?.status === "running", PATIENCE)).toBe(true)
  const since = performance.now()
  await cancelRun(backup, id, { actor: "admin", reason: "not now" })
  expect(await until(async () => (await findBackup(id))?.status === "cancelled", PATIENCE)).toBe(true)
  expect(performance.now() - since).toBeLessThan(2_000)
  expect(await stored()).toEqual([])
})

test("two workers make one backup at a time", async () => {
  worker = await (await start()).up()
  const other = await (await start()).up()
  try {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await enqueue(backup, { type: "full", tables: ["heap"] })).id),
    )
    let most = 0
    const done = async () => {
      const [{ active }] = await pool()<
        [{ active: number }]
      >`select count(*) as active from backups where status = 'running'`
      most = Math.max(most, active, await queueOf(backup).getActiveCount())
      return (await listBackups(10)).filter(({ status }) => status === "completed").length === ids.length
    }
    expect(await until(done, PATIENCE)).toBe(true)
    expect(most).toBe(1)
  } finally {
    await other.stop()
  }
})

test("brings the stored files that rows name, once in a chain, and puts them back", async () => {
  await pool()`create table if not exists paper (id int primary key, storage_key text)`
  await pool()`truncate paper`
  const put = (key: string, text: string) => storage().put(key, new TextEncoder().encode(text))
  const keys = ["reports/1/a.pdf", "reports/2/b.pdf"]
  for (const [place, key] of keys.entries()) {
    await put(key, `content of ${key}`)
    await pool()`insert into paper values (${place}, ${key})`
  }
  await put("reports/3/of-no-row.pdf", "nobody's")
  await pool()`insert into paper values (7, 'reports/7/missing.pdf'), (8, null)`

  const scope = { tables: ["paper"], includeFiles: true }
  const first = await back({ type: "full", ...scope })
  expect(first.files).toBe(2)
  const [full] = await readChain(first.backupId, backupStorage())
  expect(full!.files).toMatchObject({ count: 2, missing: ["reports/7/missing.pdf"] })

  await put("reports/4/c.pdf", "later")
  await pool()`insert into paper values (4, 'reports/4/c.pdf')`
  const next = await back({ type: "incremental", ...scope })
  expect(next).toMatchObject({ type: "incremental", files: 1 })

  const all = [...keys, "reports/4/c.pdf"]
  const textOf = async (key: string) => {
    const content = await storage().get(key)
    return content && (await new Response(content).text())
  }
  const before = await Promise.all(all.map(textOf))
  for (const key of all) await storage().delete(key)
  const chain = await readChain(next.backupId, backupStorage())
  expect(await restoreFiles(chain, storage(), new AbortController().signal)).toBe(3)
  expect(await Promise.all(all.map(textOf))).toEqual(before)
})

test("a drill restores the latest backup into a database of its own, notes how long it took, and leaves nothing", async () => {
  await back({ type: "full", tables: ["heap"] })
  const latest = await back({ type: "incremental", tables: ["heap"] })
  const drilled = await back({ type: "drill" })
  const all = await back({ type: "full" })
  await back({ type: "full", tables: ["migrations"] })
  expect(await back({ type: "drill" })).toMatchObject({ backupId: all.backupId })
  expect(drilled).toMatchObject({ backupId: latest.backupId, backups: 2, tables: 1, rows: 200_000 })
  expect(await findBackup(latest.backupId)).toMatchObject({
    restoredAt: expect.any(Date),
    restoreSeconds: drilled.seconds,
  })
  expect(await pool()`select from pg_database where datname like '%restore_drill'`).toHaveLength(0)
})

test("a drill that cannot restore fails, as a run that is reported, and leaves nothing", async () => {
  const { backupId } = await back({ type: "full", tables: ["heap"] })
  const [{ parts }] = (await readChain(backupId, backupStorage())) as [Manifest]
  await backupStorage().delete(`backups/${backupId}/${parts.find(({ kind }) => kind === "rows")!.key}`)
  const { id } = await enqueue(backup, { type: "drill" }, { attempts: 1 })
  await tick()
  expect(await findRun(backup, id)).toMatchObject({
    status: "failed",
    failedReason: expect.stringContaining("is missing"),
  })
  expect((await findBackup(backupId))!.restoredAt).toBeNull()
  expect(await pool()`select from pg_database where datname like '%restore_drill'`).toHaveLength(0)
})

test("deletes what need not be kept any longer, but nothing that is needed", async () => {
  const old = await back({ type: "full", tables: ["paper"], retention: 1 })
  const chained = await back({ type: "incremental", tables: ["paper"], retention: 1 })
  const damaged = await back({ type: "full", tables: ["paper"], retention: 1 })
  await pool()`update backups set started_at = started_at - interval '500 days'`
  await pool()`update backups set status = 'damaged', error = 'x' where id = ${damaged.backupId}`
  const others = []
  for (let made = 0; made < 2; made++) others.push((await back({ type: "full", tables: ["paper"] })).backupId)
  const there = new Set((await stored()).map((key) => key.split("/")[1]))
  // The last of its month is kept with what it goes on from; a damaged one is the last of nothing.
  expect(there).toEqual(new Set([old.backupId, chained.backupId, ...others]))
  expect(await findBackup(damaged.backupId)).toMatchObject({ status: "deleted" })
})
