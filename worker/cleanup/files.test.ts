import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdir, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pool } from "../../db/pool.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { EXPORTS } from "../../lib/exports/link.ts"
import { exportStorage, storage } from "../../lib/storage/storage.ts"
import { storageTarget } from "../../lib/storage/target.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { perform, testRun } from "../testing.ts"

const db = pool()
const { STORAGE_URL } = process.env
const DAY = 86_400_000
const bytes = new TextEncoder().encode("x")
let root: string
let agencyId: number
let userId: number

beforeEach(async () => {
  root = await temporaryFolder()
  process.env.STORAGE_URL = `file://${root}`
  await db`truncate exports, access_logs, reports cascade`
  await emptyRentals()
  const home = await letHome()
  agencyId = home.agencyId
  userId = home.userId
})

afterEach(() => {
  process.env.STORAGE_URL = STORAGE_URL
})

const clean = (
  target: "temp-files" | "old-exports",
  given: { olderThan?: number; dryRun?: boolean; orphans?: "report" | "delete" } = {},
  run = testRun(),
) => perform("cleanup", { target, olderThan: 30, dryRun: false, orphans: "report", ...given }, run)

const keys = async () => (await Array.fromAsync(storage().list(""))).map(({ key }) => key)

async function isStored(key: string, daysAgo = 0) {
  await storage().put(key, bytes)
  const at = new Date(Date.now() - daysAgo * DAY)
  await utimes(join(root, key), at, at)
}

async function hasReport(name: string, daysAgo: number, { file = true } = {}) {
  const storageKey = `reports/${agencyId}/${name}/2026-01.pdf`
  if (file) await isStored(storageKey, daysAgo)
  await db`
    insert into reports ${db({
      ...{
        runId: name,
        agencyId,
        userId,
        type: "monthly",
        content: ["rental"],
        format: "pdf",
        locale: "pt-BR",
      },
      ...{ startDate: "2026-01-01", endDate: "2026-01-31", storageKey, fileSize: 1, highlights: db.json([]) },
    })}
  `
  await db`update reports set created_at = now() - ${daysAgo} * interval '1 day' where run_id = ${name}`
  return storageKey
}

interface Made {
  status?: "completed" | "failed" | "expired"
  content?: "tables" | "subject"
  /** Days until its link expires; fewer than none ago. */
  expires?: number
  daysAgo: number
}

async function hasExport(
  name: string,
  { status = "completed", content = "tables", expires = -1, daysAgo }: Made,
) {
  const fileKey = `${EXPORTS}${name}/products.csv`
  if (status === "completed") await exportStorage().put(fileKey, bytes)
  const at = (days: number) => new Date(Date.now() + days * DAY)
  const made = { completedAt: at(-daysAgo), expiresAt: at(expires), fileSize: 1, sha256: "0".repeat(64) }
  const [row] = await db<[{ id: number }]>`
    insert into exports ${db({
      ...{ runId: name, content, format: "csv", status, requestedAt: at(-daysAgo) },
      ...(content === "subject" && {
        ...{ subjectType: "lead", subjectId: 1, email: "ana@example.com", deadlineAt: at(15 - daysAgo) },
      }),
      ...(status === "failed" ? { error: "no luck" } : { ...made, fileKey, filename: "products.csv" }),
    })}
    returning id
  `
  return { id: row.id, fileKey }
}

const names = async (table: string) =>
  (await db<{ runId: string }[]>`select run_id from ${db(table)} order by run_id`).map(({ runId }) => runId)

describe("old exports", () => {
  test("lose their files when their links expire, and never before", async () => {
    const expired = await hasExport("expired", { daysAgo: 8 })
    const linked = await hasExport("linked", { daysAgo: 400, expires: 1 })
    const told = await clean("old-exports", { olderThan: 1, dryRun: true })
    expect(await keys()).toHaveLength(2)
    const done = await clean("old-exports", { olderThan: 1 })
    expect(done.items[0]).toEqual({
      what: "files of exports",
      deleted: 1,
      kept: [{ count: 1, why: "a link to it has not expired" }],
    })
    expect(told.items[0]).toEqual(done.items[0]!)
    expect(await keys()).toEqual([linked.fileKey])
    expect(await exportStorage().head(expired.fileKey)).toBeUndefined()
    expect(await names("exports")).toContain("linked")
  })

  test("go by age, but for those that people have asked for of themselves, and those that accesses tell of", async () => {
    await hasExport("gone", { status: "failed", daysAgo: 31 })
    await hasExport("young", { status: "failed", daysAgo: 29 })
    await hasExport("request", { status: "expired", content: "subject", daysAgo: 1_000 })
    await hasExport("ancient-request", { status: "expired", content: "subject", daysAgo: 5 * 366 })
    const { id } = await hasExport("accessed", { status: "expired", daysAgo: 100 })
    await db`insert into access_logs (action, export_id) values ('export.downloaded', ${id})`
    const { items } = await clean("old-exports")
    expect(items.find(({ what }) => what === "exports")).toEqual({
      what: "exports",
      deleted: 2,
      kept: expect.arrayContaining([
        { count: 1, why: expect.stringContaining("LGPD") },
        { count: 1, why: "named by access_logs" },
      ]),
    })
    expect(await names("exports")).toEqual(["accessed", "request", "young"])
  })

  test("go with the files of old reports, but for those that a link may still lead to; invoices stay", async () => {
    await hasReport("old", 31)
    const young = await hasReport("young", 14)
    const invoice = `invoices/${agencyId}/1/a-run.pdf`
    await isStored(invoice, 4_000)
    await clean("old-exports", { olderThan: 1, dryRun: true })
    expect(await keys()).toHaveLength(3)
    const { items } = await clean("old-exports", { olderThan: 1 })
    expect(items.find(({ what }) => what === "reports")).toEqual({
      what: "reports",
      deleted: 1,
      kept: [{ count: 1, why: "a link to it may not have expired" }],
    })
    expect(await names("reports")).toEqual(["young"])
    expect(await keys()).toEqual([invoice, young])
  })

  test("are deleted by two at once, and by one that was stopped between a file and its row", async () => {
    for (let at = 0; at < 250; at++) await hasReport(`old-${at}`, 40 + at)
    const [some] = await keys()
    await storage().delete(some!)
    await Promise.all([clean("old-exports"), clean("old-exports")])
    expect([await keys(), await names("reports")]).toEqual([[], []])
  })
})

describe("temporary files", () => {
  test("go when nobody has written to them for so long", async () => {
    await mkdir(join(root, ".partial"))
    for (const [name, daysAgo] of [
      ["abandoned", 8],
      ["under-way", 6],
    ] as const) {
      await writeFile(join(root, ".partial", name), "half")
      const at = new Date(Date.now() - daysAgo * DAY)
      await utimes(join(root, ".partial", name), at, at)
    }
    expect(await clean("temp-files", { olderThan: 7, dryRun: true })).toMatchObject({ deleted: 1 })
    expect(await clean("temp-files", { olderThan: 7 })).toMatchObject({ deleted: 1 })
    expect(await clean("temp-files", { olderThan: 5 })).toMatchObject({ deleted: 1 })
  })

  test("are found where no row tells of them, and rows whose files are not there; both stay", async () => {
    const report = await hasReport("whole", 3)
    const missing = await hasReport("missing", 3, { file: false })
    const stray = `reports/${agencyId}/killed/2026-01.pdf`
    await isStored(stray, 3)
    await isStored(`reports/${agencyId}/being-written/2026-01.pdf`, 0.9)
    await isStored("contracts/of-an-application.pdf", 300)
    await hasExport("linked", { daysAgo: 1, expires: 6 })
    const { orphans, deleted } = await clean("temp-files", { olderThan: 1 })
    expect(orphans).toEqual({
      filesWithoutRows: { count: 1, bytes: 1, deleted: 0, keys: [stray] },
      rowsWithoutFiles: { count: 1, keys: [missing] },
    })
    expect([deleted, (await keys()).length]).toEqual([0, 5])
    expect(await names("reports")).toEqual(["missing", "whole"])

    await clean("temp-files", { olderThan: 1, orphans: "delete", dryRun: true })
    await clean("temp-files", { olderThan: 4, orphans: "delete" })
    expect(await keys()).toContain(stray)
    expect(await clean("temp-files", { olderThan: 1, orphans: "delete" })).toMatchObject({ deleted: 1 })
    expect(await keys()).not.toContain(stray)
    expect(await keys()).toContain(report)
    expect(await keys()).toHaveLength(4)
  })

  test("are told apart from files with rows over pages of them, in any order of letters", async () => {
    const rows = Array.from({ length: 2_300 }, (_, at) => `Run_${at}-${at % 2 ? "a" : "B"}`)
    await db`
      insert into reports
        (run_id, agency_id, type, content, start_date, end_date, format, locale, storage_key, file_size, highlights)
      select name, ${agencyId}, 'monthly', '{rental}', '2026-01-01', '2026-01-31', 'pdf', 'pt-BR',
        'reports/' || name || '/x.pdf', 1, '[]'
      from unnest(${rows}::text[]) as name
    `
    await mkdir(join(root, "reports"))
    for (const name of rows) {
      await mkdir(join(root, "reports", name))
      await writeFile(join(root, "reports", name, "x.pdf"), "x")
    }
    const strays = ["A", "run", "Run_1", "zz"].map((name) => `reports/${name}/x.pdf`)
    for (const key of strays) await isStored(key, 2)
    const { orphans } = await clean("temp-files")
    expect(orphans?.filesWithoutRows.keys.toSorted()).toEqual(strays.toSorted())
    expect(orphans?.rowsWithoutFiles).toEqual({ count: 0, keys: [] })
  })

  test("stay where they are when the run is stopped", async () => {
    await isStored("reports/1/stray/x.pdf", 9)
    const signal = AbortSignal.abort(new Error("the run is cancelled"))
    const cleaning = clean("temp-files", { olderThan: 1, orphans: "delete" }, testRun({ signal }))
    await expect(cleaning).rejects.toThrow("the run is cancelled")
    expect(await keys()).toHaveLength(1)
    expect(storageTarget()).toEqual({ kind: "folder", path: root })
  })
})
