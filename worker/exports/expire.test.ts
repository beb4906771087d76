import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { perform, testRun } from "../testing.ts"
import { exported, seedExports } from "./testing.ts"

let leave: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})

afterAll(() => leave())

const products = { tables: ["products"], format: "csv" }
const care = () => perform("export", { kind: "care" })
const statusOf = async (id: number) => (await pool()`select status from exports where id = ${id}`)[0]!.status

beforeEach(seedExports)

afterEach(async () => {
  await pool()`update exports set expires_at = now() + interval '1 day' where status = 'completed'`
})

test("files that have expired are deleted and noted as expired, once, and others stay", async () => {
  const [old, young] = [await exported(products), await exported(products)]
  await pool()`update exports set expires_at = now() where id = ${old.row.id}`
  expect(await care()).toMatchObject({ expired: 1 })
  expect(await statusOf(old.row.id)).toBe("expired")
  expect(await exportStorage().head(old.row.fileKey)).toBeUndefined()
  expect(await statusOf(young.row.id)).toBe("completed")
  expect(await exportStorage().head(young.row.fileKey)).toBeDefined()
  expect(
    await pool()`select action from access_logs where export_id = ${old.row.id} and action = 'export.expired'`,
  ).toHaveLength(1)
  expect(await care()).toMatchObject({ expired: 0 })
})

test("a file that is gone already, and a deletion that was cut off before its note, are no obstacle", async () => {
  const { row } = await exported(products)
  await exportStorage().delete(row.fileKey)
  await pool()`update exports set expires_at = now() where id = ${row.id}`
  expect(await care()).toMatchObject({ expired: 1 })
  expect(await statusOf(row.id)).toBe("expired")
})

test("a run tried again after its file has expired makes no other", async () => {
  const run = testRun()
  const { row } = await exported(products, run)
  await pool()`update exports set expires_at = now() where id = ${row.id}`
  await care()
  expect(
    await perform(
      "export",
      {
        kind: "tables",
        content: "tables",
        tables: ["products"],
        format: "csv",
        filters: {},
        archive: false,
        raw: false,
      },
      run,
    ),
  ).toMatchObject({ exportId: row.id })
  expect(await exportStorage().head(row.fileKey)).toBeUndefined()
})
