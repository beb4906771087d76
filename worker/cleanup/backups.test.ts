import { beforeEach, expect, test } from "bun:test"
import { rm, utimes } from "node:fs/promises"
import { join } from "node:path"
import { findBackup } from "../../db/backups.ts"
import { pool } from "../../db/pool.ts"
import { readManifest } from "../../lib/backups/store.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { back, restored, useOwnStorage, useOwnWorld } from "../backup/testing.ts"
import { perform, testRun } from "../testing.ts"

useOwnWorld()

const HOUR = 3_600_000
const DAY = 24 * HOUR
const tables = ["users"]
const bytes = new TextEncoder().encode("x")
let folder: string

beforeEach(async () => {
  folder = await useOwnStorage()
  await pool()`truncate backups`
})

async function isStored(key: string, age: number) {
  await backupStorage().put(`backups/${key}`, bytes)
  const at = new Date(Date.now() - age)
  await utimes(join(folder, "backups", key), at, at)
}

const isKnown = (id: string, status: "running" | "failed" | "completed") => pool()`
  insert into backups (id, kind, status, retention_days, compressed, encrypted, error, finished_at)
  values (
    ${id}, 'full', ${status}, 30, true, false, ${status === "failed" ? "killed" : null},
    ${status === "running" ? null : new Date()}
  )
`

async function orphans(given: { dryRun?: boolean; orphans?: "report" | "delete" } = {}) {
  const wanted = { target: "temp-files", olderThan: 7, dryRun: false, orphans: "report", ...given } as const
  return (await perform("cleanup", wanted, testRun())).orphans!
}

const stored = async () =>
  (await Array.fromAsync(backupStorage().list("backups/"))).map(({ key }) => key.slice("backups/".length))

test("parts of a backup that was never finished are told after a day, and deleted once all of them are old", async () => {
  await isStored("old/data/0001.copy.zst.age", 9 * DAY)
  await isStored("old/files/0001.tar", 8 * DAY)
  await isStored("old/schema.json", 8 * DAY)
  await isStored("begun/data/0001.copy", 9 * DAY)
  await isStored("begun/data/0002.copy", 2 * DAY)
  await isStored("young/data/0001.copy", 2 * HOUR)
  const all = await stored()
  const told = {
    filesWithoutRows: {
      count: 5,
      bytes: 5,
      deleted: 3,
      keys: expect.arrayContaining(["backups/old/schema.json", "backups/begun/data/0002.copy"]),
    },
    rowsWithoutFiles: { count: 0, keys: [] },
  }
  expect(await orphans({ dryRun: true })).toEqual(told)
  expect(await stored()).toEqual(all)
  expect(await orphans()).toEqual(told)
  expect(await stored()).toEqual(all.filter((key) => !key.startsWith("old/")))
})

test("what is under way, what the next backup removes, and what others have put there is never deleted", async () => {
  await isKnown("running", "running")
  await isStored("running/data/0001.copy", 30 * DAY)
  await isKnown("failed", "failed")
  await isStored("failed/data/0001.copy", 30 * DAY)
  await isStored("theirs/data/0001.copy", 30 * DAY)
  await isStored("theirs/dump.sql", 30 * DAY)
  await isStored("readme.txt", 30 * DAY)
  const all = await stored()
  expect(await orphans({ orphans: "delete" })).toMatchObject({
    filesWithoutRows: {
      count: 2,
      deleted: 0,
      keys: ["backups/theirs/data/0001.copy", "backups/theirs/dump.sql"],
    },
    rowsWithoutFiles: { count: 0 },
  })
  expect(await stored()).toEqual(all)
})

test("a backup that nobody knows is told and stays, whatever is asked for, and the next one knows it again", async () => {
  const { backupId } = await back({ type: "full", tables })
  await pool()`truncate backups`
  const all = await stored()
  for (const key of all) {
    const at = new Date(Date.now() - 30 * DAY)
    await utimes(join(folder, "backups", key), at, at)
  }
  expect(await orphans({ orphans: "delete" })).toMatchObject({
    filesWithoutRows: { count: all.length, deleted: 0 },
  })
  expect(await stored()).toEqual(all)
  await back({ type: "full", tables })
  expect(await findBackup(backupId)).toMatchObject({ status: "completed" })
  await restored(backupId)
})

test("backups that are known and not there, or not whole, are told, and what they have too much", async () => {
  const whole = await back({ type: "full", tables })
  const lacking = await back({ type: "incremental", tables })
  const { parts } = (await readManifest(lacking.backupId, backupStorage()))!
  await rm(join(folder, "backups", lacking.backupId, parts[0]!.key))
  await isStored(`${whole.backupId}/data/9999.copy`, 30 * DAY)
  await isKnown("gone", "completed")
  await isKnown("beheaded", "completed")
  await isStored("beheaded/data/0001.copy", 30 * DAY)
  const all = await stored()
  const found = await orphans({ orphans: "delete" })
  expect(found).toEqual({
    filesWithoutRows: { count: 1, bytes: 1, deleted: 0, keys: [`backups/${whole.backupId}/data/9999.copy`] },
    rowsWithoutFiles: { count: 3, keys: expect.anything() },
  })
  expect(found.rowsWithoutFiles.keys.sort()).toEqual(
    [
      `backups/${lacking.backupId}/${parts[0]!.key}`,
      "backups/beheaded/manifest.json",
      "backups/gone/manifest.json",
    ].sort(),
  )
  expect(await stored()).toEqual(all)
})
