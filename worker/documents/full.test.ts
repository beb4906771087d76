import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { mkdir, readdir } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { required } from "../../sandbox/required.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { exported } from "../exports/testing.ts"
import { monthly, seedAgency, stored, storedKeys } from "../reports/testing.ts"
import { perform, testRun } from "../testing.ts"

const mayMount = required("root, to make a disk that is full", process.getuid?.() === 0)

const before = process.env.STORAGE_URL
let leave: () => Promise<void>
let disk: string

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  await seedAgency()
  await pool()`insert into products (name) select md5(n::text) || md5((-n)::text) from generate_series(1, 20000) as n`
  disk = join(await temporaryFolder(), "disk")
  await mkdir(disk)
})
afterEach(() => {
  process.env.STORAGE_URL = before
  Bun.spawnSync(["umount", disk])
})
afterAll(() => leave())

/** Have files kept on a disk of so little space. */
function keepOn(size: string) {
  expect(Bun.spawnSync(["mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk]).exitCode).toBe(0)
  process.env.STORAGE_URL = pathToFileURL(disk).href
}

const left = async () => (await readdir(disk, { recursive: true })).filter((name) => name.includes("."))

test.skipIf(!mayMount)(
  "an export that the disk has no room for says so and leaves nothing, and is made when there is room",
  async () => {
    const asked = { tables: ["products"], format: "csv" }
    const run = testRun()
    keepOn("1m")
    const error = await exported(asked, run).catch((error) => error)
    expect(error.message).toContain("ENOSPC")
    expect(await left()).toEqual([".partial"])
    const [row] = await pool()`select status, error, file_key from exports where run_id = ${run.id}`
    expect(row).toEqual({ status: "failed", error: error.message, fileKey: null })

    process.env.STORAGE_URL = before
    const { row: made } = await exported(asked, testRun({ id: run.id, attempt: 2 }))
    expect(made).toMatchObject({ status: "completed", error: null, rows: 20_000 })
  },
)

test.skipIf(!mayMount)(
  "a report that the disk has no room for says so and leaves nothing, and is made when there is room",
  async () => {
    const run = testRun()
    keepOn("32k")
    const error = await perform("report", monthly(), run).catch((error) => error)
    expect(error.message).toContain("ENOSPC")
    expect(await left()).toEqual([".partial"])
    expect(await pool()`select 1 from reports where run_id = ${run.id}`).toHaveLength(0)

    process.env.STORAGE_URL = before
    const { storageKey, fileSize } = await perform("report", monthly(), testRun({ id: run.id, attempt: 2 }))
    expect((await stored(storageKey!))!.length).toBe(fileSize!)
    expect((await storedKeys()).filter((key) => key.includes(run.id))).toEqual([storageKey!])
  },
)
