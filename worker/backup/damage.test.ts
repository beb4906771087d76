import { beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { generateIdentity, identityToRecipient } from "age-encryption"
import { findBackup } from "../../db/backups.ts"
import { pool } from "../../db/pool.ts"
import { readManifest, writeManifest } from "../../lib/backups/store.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { mustRun } from "../../sandbox/process/run.ts"
import { required } from "../../sandbox/required.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { testRun } from "../testing.ts"
import { ask, back, emptyDatabase, restored, rowsIn, useOwnStorage, useOwnWorld } from "./testing.ts"

useOwnWorld()

const TABLES = ["heap", "note"]

const mount = (path: string) => mustRun("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", path])
const unmount = (path: string) => mustRun("umount", ["-l", path])
const canMount = await temporaryFolder()
  .then((path) => mount(path).then(() => unmount(path)))
  .then(
    () => required("The right to mount a file system", true),
    () => required("The right to mount a file system", false),
  )

let folder: string

beforeAll(async () => {
  await pool()
    .unsafe(`
    create table heap (id int primary key, junk text not null);
    insert into heap select n, md5(n::text) || md5((n * 7)::text) || repeat(md5((n * 3)::text), 3) from generate_series(1, 150000) as n;
    create table note (id int primary key, txt text);
    insert into note select n, 'n' || n from generate_series(1, 100) as n;
    analyze heap, note;
  `)
    .simple()
  process.env.BACKUP_IDENTITY = await generateIdentity()
})
beforeEach(async () => {
  folder = await useOwnStorage()
  await pool()`truncate backups`
  delete process.env.BACKUP_RECIPIENTS
})

const full = { type: "full" as const, tables: TABLES }
const fileOf = (id: string, key: string) => join(folder, "backups", id, key)
const keysOf = async (id: string) => [
  ...(await readManifest(id, backupStorage()))!.parts.map(({ key }) => key),
  "manifest.json",
]
const stored = async () => (await Array.fromAsync(backupStorage().list(""))).map(({ key }) => key)

/** A run that has something happen to it once it reads its tables. */
function runMeeting(trouble: () => unknown) {
  let met = false
  return testRun({
    progress({ stage }) {
      if (stage !== "backing_up" || met) return
      met = true
      trouble()
    },
  })
}

/** End the backends in the middle of a COPY, while this process does nothing else: it cannot be over before. */
function cutConnections() {
  const code = `
    import postgres from "postgres"
    const sql = postgres(process.env.DATABASE_URL, { max: 1 })
    await sql\`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'copy %' and pid <> pg_backend_pid()
    \`
    await sql.end()
  `
  const { success, stderr } = Bun.spawnSync([process.execPath, "-e", code], {
    cwd: join(import.meta.dir, "../.."),
    env: process.env,
  })
  if (!success) throw new Error(stderr.toString())
}

describe.each([false, true])("a backup, encrypted: %p", (encrypted) => {
  const make = async () => {
    if (encrypted) process.env.BACKUP_RECIPIENTS = await identityToRecipient(process.env.BACKUP_IDENTITY!)
    const { backupId } = await back({ type: "full", tables: ["note"] })
    return backupId
  }

  test("with a byte flipped in any of its files is told to be damaged, and gives no row of what was flipped", async () => {
    const id = await make()
    for (const key of await keysOf(id)) {
      const whole = await readFile(fileOf(id, key))
      for (const place of [0, Math.floor(whole.length / 2), whole.length - 1]) {
        const flipped = Buffer.from(whole)
        flipped[place]! ^= 1
        await writeFile(fileOf(id, key), flipped)
        const named = key === "manifest.json" ? "manifest" : key
        await expect(back({ type: "verify", backupId: id })).rejects.toThrow(named)
        expect(await findBackup(id)).toMatchObject({
          status: "damaged",
          error: expect.stringContaining(named),
        })
        if (place === 0 || key === "manifest.json") continue
        if (!/^data|schema\.json/.test(key)) continue
        const into = await emptyDatabase()
        await expect(restored(id, { into })).rejects.toThrow(`${key} of the backup ${id} is damaged`)
        if (key.startsWith("data")) expect(await rowsIn(into, ["note"])).toEqual({ note: [] })
      }
      await writeFile(fileOf(id, key), whole)
    }
    await back({ type: "verify", backupId: id })
    expect(await findBackup(id)).toMatchObject({ status: "completed", error: null })
    await restored(id)
  })

  test("with a file missing, or cut off, is told to be damaged, and by which", async () => {
    const id = await make()
    for (const key of await keysOf(id)) {
      const whole = await readFile(fileOf(id, key))
      const named = key === "manifest.json" ? "manifest" : key
      for (const damage of [() => rm(fileOf(id, key)), () => truncate(fileOf(id, key), whole.length >> 1)]) {
        await damage()
        await expect(back({ type: "verify", backupId: id })).rejects.toThrow(named)
        if (key.startsWith("data")) await expect(restored(id)).rejects.toThrow(`${key} of the backup ${id}`)
        await writeFile(fileOf(id, key), whole)
      }
    }
    await restored(id)
  })
})

test("a manifest in the place of another's, or in a circle, is told and not gone by", async () => {
  const { backupId } = await back({ type: "full", tables: ["note"] })
  await cp(join(folder, "backups", backupId), join(folder, "backups", "copy"), { recursive: true })
  await expect(restored("copy")).rejects.toThrow(`The manifest of the backup copy is that of ${backupId}`)
  const run = testRun()
  await back(full, run)
  expect(run.said.join()).toContain("A backup that is not known is passed over")
  expect(await findBackup("copy")).toBeUndefined()
  const manifest = (await readManifest(backupId, backupStorage()))!
  const chain = { ...manifest.chain, previous: backupId }
  await writeManifest({ ...manifest, chain }, backupStorage(), new AbortController().signal)
  await expect(restored(backupId)).rejects.toThrow("goes on from itself")
})

test("a damaged backup is no other's concern: those before it are whole, and the next one is made", async () => {
  const before = await back(full)
  const damaged = await back({ type: "incremental", tables: TABLES })
  expect(damaged.previousId).toBe(before.backupId)
  const [key] = await keysOf(damaged.backupId)
  await rm(fileOf(damaged.backupId, key!))
  await expect(back({ type: "verify", backupId: damaged.backupId })).rejects.toThrow("is missing")
  const next = await back({ type: "incremental", tables: TABLES })
  expect(next).toMatchObject({ type: "incremental", previousId: before.backupId })
  await restored(next.backupId)
})

describe("a backup that fails in the middle", () => {
  const expectNothing = async (before: string, run: { id: string }) => {
    expect((await stored()).filter((key) => !key.startsWith(`backups/${before}/`))).toEqual([])
    expect(await readManifest(run.id, backupStorage())).toBeUndefined()
    await back({ type: "verify", backupId: before })
  }
  /** It was made in the end, under the id it was asked for with. */
  const expectMade = async (run: { id: string }) => {
    const { backupId } = await back(full, testRun({ id: run.id }))
    expect(backupId).toBe(run.id)
    expect(await rowsIn(await restored(run.id), TABLES)).toEqual(
      await rowsIn(process.env.DATABASE_URL!, TABLES),
    )
  }

  test("since its connections were cut leaves nothing, and is made when it is tried again", async () => {
    const { backupId: before } = await back(full)
    const run = runMeeting(cutConnections)
    await expect(back(full, run)).rejects.toMatchObject({
      code: expect.stringMatching(/57P01|CONNECTION|ECONNRESET/),
    })
    await expectNothing(before, run)
    await expectMade(run)
  })

  test("since it was cancelled stops within two seconds, in the database too, and leaves nothing", async () => {
    const { backupId: before } = await back(full)
    const stopping = new AbortController()
    let since = 0
    const run = Object.assign(
      runMeeting(() => {
        since = performance.now()
        stopping.abort(new Error("cancelled"))
      }),
      { signal: stopping.signal },
    )
    await expect(back(full, run)).rejects.toThrow("cancelled")
    expect(performance.now() - since).toBeLessThan(2_000)
    const copying = async () => {
      const [{ count }] = await pool()<[{ count: number }]>`
        select count(*) from pg_stat_activity
        where datname = current_database() and query like 'copy %' and state <> 'idle'
      `
      return count
    }
    expect(await until(async () => (await copying()) === 0, 1_000)).toBe(true)
    // As another worker would, that takes it up again.
    await expectMade(run)
    await back({ type: "verify", backupId: before })
  })

  test.if(canMount)(
    "since the storage is full says so, leaves nothing, and is made when there is room",
    async () => {
      const { backupId: before } = await back(full)
      const small = await temporaryFolder()
      await mount(small)
      const large = process.env.STORAGE_URL
      try {
        process.env.STORAGE_URL = pathToFileURL(join(small, "storage")).href
        const run = testRun()
        await expect(back({ ...full, compress: false }, run)).rejects.toThrow(/ENOSPC|no space left/i)
        expect(await stored()).toEqual([])
        expect(await findBackup(run.id)).toMatchObject({
          status: "failed",
          error: expect.stringMatching(/ENOSPC/),
        })
        process.env.STORAGE_URL = large
        await expectMade(run)
        await back({ type: "verify", backupId: before })
      } finally {
        process.env.STORAGE_URL = large
        await unmount(small)
      }
    },
  )

  test("since a table is changed for too long says so", async () => {
    await ask(process.env.DATABASE_URL!, async (sql) => {
      await sql`begin`
      await sql`lock table note in access exclusive mode`
      await expect(back(full)).rejects.toThrow("A table is locked by who changes its form")
      await sql`rollback`
    })
    await back(full)
  })
})

test("of two at once one waits its turn, without a try burnt", async () => {
  const outcomes = await Promise.allSettled([back(full), back(full)])
  const [refused] = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[]
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  expect(refused!.reason).toMatchObject({ name: "RetryLater", message: "another backup is under way" })
  await back(full)
})

test("files that a killed worker left are removed by the next backup, and what is no backup of ours is let be", async () => {
  const killed = testRun()
  await expect(
    back(full, Object.assign(killed, { signal: AbortSignal.abort(new Error("killed")) })),
  ).rejects.toThrow()
  await pool()`
    insert into backups (id, kind, status, retention_days, compressed, encrypted, error, finished_at)
    values (${killed.id}, 'full', 'failed', 30, true, false, 'killed', now())
    on conflict (id) do update set status = 'failed', error = 'killed', finished_at = now()
  `
  const bytes = new TextEncoder().encode("x")
  await backupStorage().put(`backups/${killed.id}/data/0001.copy`, bytes)
  await backupStorage().put("backups/somebodys/data/0001.copy", bytes)
  await back(full)
  const keys = await stored()
  expect(keys).not.toContain(`backups/${killed.id}/data/0001.copy`)
  expect(keys).toContain("backups/somebodys/data/0001.copy")
  expect(await readdir(join(folder, "backups", killed.id)).catch(() => [])).not.toContain("data/0001.copy")
})

test("a backup whose worker was killed for good is under way no longer, once another is made", async () => {
  const row = { kind: "full", retention_days: 30, compressed: true, encrypted: false }
  await pool()`insert into backups ${pool()({ ...row, id: "killed" })}`
  await backupStorage().put("backups/killed/data/0001.copy", new TextEncoder().encode("x"))
  const whole = await back(full)
  await pool()`update backups set status = 'running', finished_at = null, verified_at = null where id = ${whole.backupId}`
  await back(full)
  expect(await findBackup("killed")).toMatchObject({
    status: "failed",
    error: expect.stringContaining("killed"),
  })
  expect(await stored()).not.toContain("backups/killed/data/0001.copy")
  expect(await findBackup(whole.backupId)).toMatchObject({ status: "completed" })
})

test("what a restored database does not know of the backups there are, the next backup finds out", async () => {
  const first = await back(full)
  const second = await back({ type: "incremental", tables: TABLES })
  await pool()`truncate backups`
  const run = testRun()
  await back(full, run)
  expect(run.said.filter((line) => line.includes("was not known, and is again"))).toHaveLength(2)
  expect(await findBackup(second.backupId)).toMatchObject({
    kind: "incremental",
    status: "completed",
    previousId: first.backupId,
    baseId: first.backupId,
    rows: second.rows,
    verifiedAt: null,
  })
})
