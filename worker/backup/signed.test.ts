import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { findBackup } from "../../db/backups.ts"
import { pool } from "../../db/pool.ts"
import type { Manifest } from "../../lib/backups/manifest.ts"
import { DamagedBackup, readManifest, writeManifest } from "../../lib/backups/store.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { testRun } from "../testing.ts"
import { ask, back, emptyDatabase, restored, rowsIn, useOwnStorage, useOwnWorld } from "./testing.ts"

useOwnWorld()

const [KEY, NEW_KEY] = ["a key that manifests are signed with", "another key which is for manifests as well"]
const NOT_OURS = "is not signed with BACKUP_SIGNING_KEY"
const full = { type: "full" as const, tables: ["note"] }

let folder: string

const sign = (key: string | undefined) => {
  if (key === undefined) delete process.env.BACKUP_SIGNING_KEY
  else process.env.BACKUP_SIGNING_KEY = key
}

beforeAll(async () => {
  await pool()
    .unsafe("create table note (id int primary key, txt text); insert into note values (1, 'one')")
    .simple()
})
beforeEach(async () => {
  folder = await useOwnStorage()
  await pool()`truncate backups`
  sign(KEY)
})
afterEach(() => sign(undefined))

/** What somebody does who can write to the storage and has no key of ours, or one of their own: with a right checksum. */
async function replace(id: string, change: Partial<Manifest>, theirs?: string) {
  const manifest = (await readManifest(id, backupStorage()))!
  const ours = process.env.BACKUP_SIGNING_KEY
  sign(theirs)
  await writeManifest({ ...manifest, ...change }, backupStorage(), new AbortController().signal)
  sign(ours)
}

test.each([undefined, "a key that somebody else has made up"])(
  "a manifest that somebody else has put in the place of ours, signed with %p, is told, and nothing of it is restored",
  async (theirs) => {
    const { backupId } = await back(full)
    expect(await rowsIn(await restored(backupId), ["note"])).toEqual({ note: ["note (1,one)"] })
    await replace(backupId, { description: "what we want you to restore" }, theirs)

    await expect(back({ type: "verify", backupId })).rejects.toThrow(NOT_OURS)
    expect(await findBackup(backupId)).toMatchObject({ status: "damaged" })
    await expect(back({ type: "drill", backupId })).rejects.toThrow(NOT_OURS)
    const into = await emptyDatabase()
    await expect(restored(backupId, { into })).rejects.toThrow(DamagedBackup)
    expect(await ask(into, (sql) => sql`select 1 from pg_tables where schemaname = 'public'`)).toHaveLength(0)
  },
)

test("what a chain goes on from has to be ours as well, else the next backup begins a new one and says why", async () => {
  const first = await back(full)
  const second = await back({ ...full, type: "incremental" })
  expect(second.previousId).toBe(first.backupId)
  await replace(first.backupId, { description: "changed" })
  await expect(restored(second.backupId)).rejects.toThrow(
    `The manifest of the backup ${first.backupId} ${NOT_OURS}`,
  )
  await replace(second.backupId, { description: "changed as well" })
  expect(await back({ ...full, type: "incremental" })).toMatchObject({
    type: "full",
    previousId: null,
    reason: expect.stringContaining(`The manifest of the backup ${second.backupId} ${NOT_OURS}`),
  })
})

test("a backup that nobody knows, and that is not signed, is not taken for one of ours", async () => {
  const { backupId } = await back(full)
  await replace(backupId, { description: "theirs" })
  await pool()`truncate backups`
  const run = testRun()
  await back(full, run)
  expect(run.said.join()).toContain(
    `A backup that is not known is passed over: The manifest of the backup ${backupId} ${NOT_OURS}`,
  )
  expect(await findBackup(backupId)).toBeUndefined()
})

test("a key is changed by one before it: what the old one has signed is ours until that is left out", async () => {
  const { backupId } = await back(full)
  sign(`${NEW_KEY},${KEY}`)
  expect(await back({ type: "verify", backupId })).toMatchObject({ backupId })
  const newer = await back({ ...full, type: "incremental" })
  expect(newer.previousId).toBe(backupId)
  sign(NEW_KEY)
  expect(await back({ type: "verify", backupId: newer.backupId })).toMatchObject({
    parts: expect.any(Number),
  })
  await expect(back({ type: "verify", backupId })).rejects.toThrow(NOT_OURS)
})

test("without a key none is signed, and says so; any is taken then, also a signed one, and none of these once there is a key", async () => {
  const signed = await back(full)
  sign(undefined)
  const run = testRun()
  const { backupId } = await back(full, run)
  expect(run.said.join()).toContain("The backup is not signed, since BACKUP_SIGNING_KEY is not set")
  expect(await readFile(join(folder, "backups", backupId, "manifest.json"), "utf8")).not.toContain(
    "signature",
  )
  for (const id of [signed.backupId, backupId]) await restored(id)
  sign(KEY)
  await restored(signed.backupId)
  await expect(restored(backupId)).rejects.toThrow(NOT_OURS)
})
