import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { v7 as uuidv7 } from "uuid"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { dataExport } from "../../lib/jobs/export.ts"
import { forgetLogForm, sink } from "../../lib/log.ts"
import { onQueue } from "../../lib/queues.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { keepDeadlines } from "./deadlines.ts"

let leave: () => Promise<void>
let kept: ReturnType<typeof keepDeadlines> | undefined
let worker: Service | undefined

const { write } = sink
const { LOG_LEVEL } = process.env

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
beforeEach(async () => {
  await pool()`delete from exports`
})
afterEach(async () => {
  await kept?.stop()
  await worker?.stop()
  kept = worker = undefined
  Object.assign(process.env, { LOG_LEVEL })
  forgetLogForm()
  sink.write = write
  await onQueue(dataExport, (queue) => queue.resume())
})
afterAll(() => leave())

async function request(subjectId: number, deadline: string, status = "processing") {
  const [row] = await pool()<[{ id: number }]>`
    insert into exports (run_id, content, subject_type, subject_id, email, format, requested_at, deadline_at, status, error)
    values (${uuidv7()}, 'subject', 'renter', ${subjectId}, 'r@example.com', 'zip', now() - interval '13 days',
      now() + ${deadline}::interval, ${status}, ${status === "processing" ? null : "no space"})
    returning id
  `
  return row.id
}

const answer = (subjectId: number) => pool()`
  insert into exports (run_id, content, subject_type, subject_id, email, format, requested_at, deadline_at, status, file_key, filename,
    file_size, sha256, files, rows, completed_at, expires_at)
  values (${uuidv7()}, 'subject', 'renter', ${subjectId}, 'r@example.com', 'zip', now(), now() + interval '15 days', 'completed',
    ${`exports/${uuidv7()}/a.zip`}, 'a.zip', 1, ${"0".repeat(64)}, 1, 1, now(), now() + interval '7 days')
`

/** What has been told of, and when. */
async function told() {
  const rows = await pool()<{ id: number; alarmedAt: Date }[]>`
    select id, alarmed_at from exports where alarmed_at is not null order by id
  `
  return new Map(rows.map(({ id, alarmedAt }) => [id, alarmedAt.getTime()]))
}

test("a request that is not answered is told of before its deadline and again after it, and one that is answered never", async () => {
  const far = await request(1, "10 days")
  const soon = await request(2, "2 days")
  const failed = await request(3, "-1 hour", "failed")
  await request(4, "1 day", "failed")
  await answer(4)
  const cancelled = await request(5, "1 day", "cancelled")
  kept = keepDeadlines(20)
  expect(await until(async () => (await told()).size === 3, 5_000)).toBe(true)
  const first = await told()
  expect([...first.keys()]).toEqual([soon, failed, cancelled])

  // Looked at again it is not told of again: this one is, once it is near, and one whose deadline passes.
  await pool()`update exports set deadline_at = now() + interval '1 day' where id = ${far}`
  await pool()`update exports set deadline_at = now() where id = ${soon}`
  const again = async () => {
    const now = await told()
    return now.has(far) && now.get(soon) !== first.get(soon)
  }
  expect(await until(again, 5_000)).toBe(true)
  const second = await told()
  for (const id of [failed, cancelled]) expect(second.get(id)).toBe(first.get(id)!)
})

test("a worker tells of it in its log, though the queue of exports is paused and is none of its own", async () => {
  await onQueue(dataExport, (queue) => queue.pause())
  const [soon, late] = [await request(1, "2 days"), await request(2, "-1 hour", "failed")]
  worker = await startService([process.execPath, "worker/main.ts"], { WORKER_QUEUES: "price-sync" })
  const says = (words: string) => until(() => worker!.output().includes(words), 20_000)
  expect(await says(`Request ${soon} for what is kept of a person`)).toBe(true)
  expect(await says(`Request ${late} for what is kept of a person`)).toBe(true)
  expect(worker.output()).toMatch(/processing\) is to be answered by \d{4}-/)
  expect(worker.output()).toMatch(/failed\) was to be answered by \d{4}-/)
})

test("what could not be told counts as not told", async () => {
  const id = await request(1, "2 days")
  let tried = 0
  process.env.LOG_LEVEL = "error"
  forgetLogForm()
  sink.write = () => {
    tried += 1
    throw new Error("nobody listens")
  }
  kept = keepDeadlines(20)
  expect(await until(() => tried > 0, 5_000)).toBe(true)
  await kept.stop()
  expect((await told()).size).toBe(0)
  sink.write = () => undefined
  kept = keepDeadlines(20)
  expect(await until(async () => (await told()).has(id), 5_000)).toBe(true)
})
