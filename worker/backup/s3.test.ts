import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { findBackup } from "../../db/backups.ts"
import { pool } from "../../db/pool.ts"
import { readManifest } from "../../lib/backups/store.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { startProxy } from "../../sandbox/proxy.ts"
import { bucketOf, createBucket, uploadsIn } from "../../sandbox/s3/buckets.ts"
import { hasS3, startS3 } from "../../sandbox/s3/server.ts"
import { startTroubles } from "../../sandbox/s3/troubles.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { testRun } from "../testing.ts"
import { back, restored, rowsIn, useOwnWorld } from "./testing.ts"

useOwnWorld()

const ENV = ["STORAGE_URL", "BACKUP_BUCKET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const

describe.skipIf(!hasS3)("backups in S3", () => {
  let server: Awaited<ReturnType<typeof startS3>>
  let proxy: ReturnType<typeof startTroubles>
  const before = Object.fromEntries(ENV.map((name) => [name, process.env[name]]))

  beforeAll(async () => {
    server = await startS3(await temporaryFolder())
    proxy = startTroubles(server.url)
    for (const bucket of ["files", "backups"]) await createBucket(server, bucket)
    await pool()
      .unsafe(`
        create table heap (id int primary key, junk text not null);
        insert into heap select n, (select string_agg(md5((n * k)::text), '') from generate_series(1, 8) as k)
        from generate_series(1, 120000) as n;
        analyze heap;
      `)
      .simple()
  })
  beforeEach(async () => {
    Object.assign(process.env, {
      STORAGE_URL: `s3://files?endpoint=${proxy.url}&region=us-east-1`,
      BACKUP_BUCKET: "backups",
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    })
    await pool()`truncate backups`
  })
  afterEach(() => proxy.become(() => undefined))
  afterAll(async () => {
    for (const name of ENV) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
    proxy.stop()
    await server.stop()
  })

  const full = { type: "full" as const, tables: ["heap"] }
  const stored = async () => (await Array.fromAsync(backupStorage().list(""))).map(({ key }) => key)
  const uploads = () => uploadsIn(bucketOf(server, "backups"))

  test("are stored in parts, in the bucket that is theirs, read back, and restored, chains too", async () => {
    const first = await back(full)
    expect(first.bytes).toBeGreaterThan(8 * 1_048_576)
    expect(proxy.passed.filter((request) => request.startsWith("PUT partNumber")).length).toBeGreaterThan(1)
    await pool()`update heap set junk = 'new' where id % 1000 = 0`
    await pool()`delete from heap where id % 1000 = 1`
    const next = await back({ type: "incremental", tables: ["heap"] })
    expect(next).toMatchObject({ type: "incremental", rows: 120 })
    expect(await rowsIn(await restored(next.backupId), ["heap"])).toEqual(
      await rowsIn(process.env.DATABASE_URL!, ["heap"]),
    )
    process.env.STORAGE_URL = `s3://files?endpoint=${server.url}`
    delete process.env.BACKUP_BUCKET
    expect(await stored()).toEqual([])
  })

  test("leave nothing when their parts are refused, and the backups before are whole", async () => {
    const { backupId } = await back(full)
    const there = await stored()
    let parts = 0
    proxy.become((method, query) => {
      if (method !== "PUT" || !query.has("partNumber")) return undefined
      parts += 1
      return parts > 1
        ? new Response("<Error><Code>QuotaExceeded</Code></Error>", { status: 403 })
        : undefined
    })
    const run = testRun()
    await expect(back(full, run)).rejects.toThrow("QuotaExceeded")
    proxy.become(() => undefined)
    expect(await stored()).toEqual(there)
    expect(await uploads()).toEqual([])
    await back({ type: "verify", backupId })
    expect((await back(full, testRun({ id: run.id }))).backupId).toBe(run.id)
  })

  test("fail when the network is cut in the middle, are not there, and are made when it is back", async () => {
    const { backupId } = await back(full)
    const direct = process.env.STORAGE_URL
    const wire = await startProxy(Number(new URL(server.url).port))
    process.env.STORAGE_URL = `s3://files?endpoint=http://127.0.0.1:${wire.port}`
    const cut = { done: Promise.resolve() }
    const run = testRun({
      progress({ stage }) {
        if (stage === "backing_up") cut.done = wire.stop()
      },
    })
    await expect(back(full, run)).rejects.toThrow()
    await cut.done
    process.env.STORAGE_URL = direct
    expect(await readManifest(run.id, backupStorage())).toBeUndefined()
    expect(await findBackup(run.id)).toMatchObject({ status: "failed" })
    await back({ type: "verify", backupId })
    expect((await back(full, testRun({ id: run.id }))).backupId).toBe(run.id)
    await restored(run.id)
  })

  test("say so when the key is another's", async () => {
    process.env.AWS_SECRET_ACCESS_KEY = "another-secret-000000000000000000000000"
    await expect(back(full)).rejects.toThrow(/403/)
  })
})
