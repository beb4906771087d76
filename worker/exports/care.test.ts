import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { v7 as uuidv7 } from "uuid"
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

beforeEach(async () => {
  await seedExports()
  await pool()`update exports set deadline_at = now() + interval '1 year' where deadline_at is not null`
})

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

test("a request that is not answered is told of before its deadline and again after it, and one that is answered never", async () => {
  const request = async (subjectId: number, deadline: string, status = "processing") => {
    const [row] = await pool()<[{ id: number }]>`
      insert into exports (run_id, content, subject_type, subject_id, email, format, requested_at, deadline_at, status, error)
      values (${uuidv7()}, 'subject', 'renter', ${subjectId}, 'r@example.com', 'zip', now() - interval '13 days',
        now() + ${deadline}::interval, ${status}, ${status === "processing" ? null : "no space"})
      returning id
    `
    return row.id
  }
  await request(9_001, "10 days")
  const soon = await request(9_002, "2 days")
  const failed = await request(9_003, "-1 hour", "failed")
  const answered = await request(9_004, "1 day", "failed")
  const cancelled = await request(9_005, "1 day", "cancelled")
  await pool()`
    insert into exports (run_id, content, subject_type, subject_id, email, format, requested_at, deadline_at, status, file_key, filename,
      file_size, sha256, files, rows, completed_at, expires_at)
    values (${uuidv7()}, 'subject', 'renter', 9004, 'r@example.com', 'zip', now(), now() + interval '15 days', 'completed',
      ${`exports/${uuidv7()}/a.zip`}, 'a.zip', 1, ${"0".repeat(64)}, 1, 1, now(), now() + interval '7 days')
  `
  expect(await care()).toMatchObject({ due: 3 })
  expect(await care()).toMatchObject({ due: 0 })
  const alarmed =
    await pool()`select id from exports where alarmed_at is not null and id = any(${[soon, failed, answered, cancelled]}) order by id`
  expect(alarmed.map(({ id }) => id)).toEqual([soon, failed, cancelled])

  await pool()`update exports set deadline_at = now(), alarmed_at = now() - interval '1 day' where id = ${soon}`
  expect(await care()).toMatchObject({ due: 1 })
  expect(await care()).toMatchObject({ due: 0 })
})
