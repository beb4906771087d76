import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test"
import { markSwept, sweptUntil } from "../../db/ledger-watermarks.ts"
import { pool } from "../../db/pool.ts"
import { findRecordedRun } from "../../db/runs.ts"
import { cancelRun } from "../../lib/cancel.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { prefixOf, queueKey, queueOf } from "../../lib/queues.ts"
import { connectRedis, type RedisClient } from "../../lib/redis/connect.ts"
import { dropOld } from "./retention.ts"
import { sweep } from "./sweep.ts"
import { jobNamed, recordedIds } from "./testing.ts"

const job = jobNamed("swept")
const db = pool()
const MINUTE = 60_000
const unstopped = new AbortController().signal
let connection: RedisClient

beforeEach(async () => {
  connection = connectRedis("worker")
  await db`truncate runs, run_events, ledger_watermarks`
})

afterEach(async () => {
  await queueOf(job).obliterate({ force: true })
  await queueOf(email).obliterate({ force: true })
  connection.disconnect()
})

const set = (state: string) => `${prefixOf(job.name)}:${job.name}:${state}`

/** Have a run in Redis that ended then, as BullMQ leaves it. */
async function hasEnded(id: string, at: number, fields: Record<string, string> = {}, state = "completed") {
  const run = {
    name: job.name,
    data: '{"n":1}',
    priority: "5",
    atm: "1",
    timestamp: String(at - 2),
    processedOn: String(at - 1),
    finishedOn: String(at),
    ...(state === "completed" ? { returnvalue: '{"n":2}' } : { failedReason: "no luck" }),
    ...fields,
  }
  await connection.hset(queueKey(job.name, id), run)
  await connection.zadd(set(state), at, id)
}

const longAgo = () => Date.now() - 60 * MINUTE

describe("a sweep", () => {
  test("records what Redis has and the ledger has not, as a worker would have", async () => {
    const at = longAgo()
    await hasEnded("done", at)
    await hasEnded("broken", at, { atm: "3", failedReason: "no luck with ana@example.com" }, "failed")
    await hasEnded("late", at, { failedReason: "Timed out after 5 ms" }, "failed")
    expect(await sweep(job, connection, db)).toBe(3)
    expect(await findRecordedRun(job.name, "done")).toMatchObject({
      status: "completed",
      data: { n: 1 },
      returnValue: { n: 2 },
      attemptsMade: 1,
      createdAt: at - 2,
      processedOn: at - 1,
      finishedOn: at,
    })
    expect(await findRecordedRun(job.name, "broken")).toMatchObject({
      status: "failed",
      failedReason: "no luck with a***@example.com",
      attemptsMade: 3,
    })
    expect(await db`select id, status from runs where status = 'timed-out'`).toMatchObject([{ id: "late" }])
    expect(await sweep(job, connection, db)).toBe(0)
  })

  test("records a run that was cancelled while it waited", async () => {
    const { id } = await enqueue(email, {
      to: "planted@example.com",
      template: "welcome",
      data: { userName: "Planted" },
    })
    await cancelRun(email, id, { actor: "Ana", reason: "a mistake" })
    await sweep(email, connection, db, Date.now() + MINUTE)
    expect(await findRecordedRun("email", id)).toMatchObject({
      status: "cancelled",
      failedReason: "Cancelled by Ana: a mistake",
      processedOn: null,
      attemptsMade: 0,
    })
    expect(JSON.stringify(await db`select runs::text from runs`)).not.toMatch(/planted/i)
  })

  test("records a later end of a run that was tried again by hand", async () => {
    const at = longAgo()
    await hasEnded("again", at, {}, "failed")
    await sweep(job, connection, db)
    await connection.zrem(set("failed"), "again")
    await connection.del(queueKey(job.name, "again"))
    await hasEnded("again", Date.now() - MINUTE, { atm: "4" })
    expect(await sweep(job, connection, db)).toBe(1)
    expect(await findRecordedRun(job.name, "again")).toMatchObject({ status: "completed", attemptsMade: 4 })
  })

  test("goes through any number of runs, many of one moment among them", async () => {
    const at = longAgo()
    const many = [
      ...Array.from({ length: 1_200 }, (_, n) => [`a${n}`, at + n] as const),
      ...Array.from({ length: 2_300 }, (_, n) => [`b${n}`, at + 5_000] as const),
      ...Array.from({ length: 1_200 }, (_, n) => [`c${n}`, at + 6_000 + n] as const),
    ]
    await Promise.all(many.map(([id, at]) => hasEnded(id, at)))
    expect(await sweep(job, connection, db)).toBeGreaterThanOrEqual(many.length)
    expect(await recordedIds(job.name, db)).toEqual(many.map(([id]) => id).sort())
  })

  test("by two workers at once comes to the same", async () => {
    const ids = Array.from({ length: 500 }, (_, n) => `run${n}`)
    await Promise.all(ids.map((id, n) => hasEnded(id, longAgo() + n)))
    await Promise.all([sweep(job, connection, db), sweep(job, connection, db)])
    expect(await recordedIds(job.name, db)).toEqual(ids.sort())
  })

  test("finds what comes into a set late, with a time that has been swept", async () => {
    await sweep(job, connection, db)
    await hasEnded("late", Date.now() - 4 * MINUTE)
    expect(await sweep(job, connection, db)).toBe(1)
  })

  test("leaves runs of the last moment to the workers that did them", async () => {
    await hasEnded("fresh", Date.now())
    expect(await sweep(job, connection, db, Date.now())).toBe(0)
    expect(await sweep(job, connection, db, Date.now() + 2_000)).toBe(1)
  })

  test("moves its mark only when all before it is recorded, and never back", async () => {
    const now = Date.now()
    await hasEnded("one", longAgo())
    const broken = Object.assign(() => Promise.reject(new Error("away")), {}) as never
    await expect(sweep(job, connection, broken)).rejects.toThrow("away")
    expect(await sweptUntil(job.name, "completed", db)).toBe(0)

    await sweep(job, connection, db, now)
    expect(await sweptUntil(job.name, "completed", db)).toBe(now - 5 * MINUTE)
    await markSwept(job.name, "completed", now - 60 * MINUTE, db)
    expect(await sweptUntil(job.name, "completed", db)).toBe(now - 5 * MINUTE)
  })

  test("passes over runs that are gone or under way again, and reads what is no JSON as nothing", async () => {
    const at = longAgo()
    await connection.zadd(set("completed"), at, "gone")
    await hasEnded("again", at, { finishedOn: "" })
    await hasEnded("foreign", at, { data: "not JSON", returnvalue: "planted@example.com" })
    expect(await sweep(job, connection, db)).toBe(1)
    expect(await findRecordedRun(job.name, "foreign")).toMatchObject({ data: {}, returnValue: null })
  })

  test("costs Redis two commands when there is nothing to find", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => hasEnded(`run${n}`, longAgo())))
    await sweep(job, connection, db)
    const sent = spyOn(connection, "sendCommand")
    await sweep(job, connection, db)
    const names = sent.mock.calls.map(([{ name }]) => name).filter((name) => name !== "ping")
    sent.mockRestore()
    expect(names).toHaveLength(2)
  })
})

test("what is older than the ledger keeps things is deleted, in batches, past what others hold", async () => {
  const insert = (days: number, count: number) => db`
    with made as (
      insert into runs (id, queue, name, status, priority, payload, attempts, asked_at, finished_at)
      select ${`${days}-`} || n, 'swept', 'swept', 'completed', 5, '{}', 1, now(), now() - ${days} * interval '1 day'
      from generate_series(1, ${count}::int) as n
      returning id
    ), said as (
      insert into run_events (run_id, at, kind, attempt, place, data)
      select id, now() - ${days} * interval '1 day', 'log', 1, 0, '{}' from made
    )
    insert into effects (run_id, key, claimed_by, claimed_until, created_at)
    select id, 'key', gen_random_uuid(), now(), now() - ${days} * interval '1 day' from made
  `
  const left = () => db`
    select
      (select count(*) from runs) as runs,
      (select count(*) from run_events) as events,
      (select count(*) from effects) as effects
  `
  await db`truncate runs, run_events, effects`
  await insert(91, 2_500)
  await insert(89, 3)
  await db.begin(async (tx) => {
    await tx`select from runs order by finished_at limit 1_200 for update`
    await dropOld(db, unstopped, 90)
    expect(await left()).toEqual([{ runs: 1_203, events: 3, effects: 3 }] as never)
  })
  await Promise.all([dropOld(db, unstopped, 90), dropOld(db, unstopped, 90)])
  await dropOld(db, unstopped, 90)
  expect(await left()).toEqual([{ runs: 3, events: 3, effects: 3 }] as never)
  await db`truncate effects`
})

test("what is kept of a schedule goes so long after it was removed, and never while it is there", async () => {
  await db`truncate schedules`
  await db`
    insert into schedules (name, job, cron, zone, slotted_until, created_at, removed_at)
    select 'of-' || n, 'swept', '0 9 * * *', 'UTC', now(), now() - interval '1 year', now() - days * interval '1 day'
    from unnest(array[null, 89, 91]) with ordinality as made (days, n)
  `
  await dropOld(db, unstopped, 90)
  const names = await db`select name from schedules order by name`
  expect(names.map(({ name }) => name)).toEqual(["of-1", "of-2"])
  await db`truncate schedules`
})

test("what is kept of a bulk operation goes so long after it has ended, its runs with it, and never while it is under way", async () => {
  await db`truncate bulk_operations, bulk_runs restart identity`
  await db`
    insert into bulk_operations (action, filter, per_second, started_by, status, created_at, ended_at)
    select
      'retry', '{"queue": "swept"}', 1, 'ana', case when days is null then 'acting' else 'completed' end,
      now() - interval '89 days', now() - days * interval '1 day'
    from unnest(array[null, 89, 91]) as days
  `
  await db`
    insert into bulk_runs (operation_id, run_id, queue, created_at)
    select id, n::text, 'swept', coalesce(ended_at, now())
    from bulk_operations, generate_series(1, 2500) as n
  `
  await dropOld(db, unstopped, 90)
  const left = await db`
    select id, (select count(*) from bulk_runs where operation_id = id) as runs from bulk_operations order by id
  `
  expect(left).toEqual([
    { id: 1, runs: 2_500 },
    { id: 2, runs: 2_500 },
  ] as never)
  await db`truncate bulk_operations, bulk_runs`
})
