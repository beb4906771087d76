import { beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { findRecordedRun } from "../../db/runs.ts"
import { templateProps } from "../../lib/emails/index.ts"
import { jobs } from "../../lib/jobs/index.ts"
import { forgetLogForm, sink } from "../../lib/log.ts"
import { entryOf } from "./entry.ts"
import { record } from "./record.ts"
import { endedTry, jobNamed, recordedIds } from "./testing.ts"

const db = pool()

beforeEach(async () => {
  await db`truncate runs, run_events`
})

const eventsOf = (id: string) =>
  db`select kind, attempt, data from run_events where run_id = ${id} order by at, place`

test("a run is found as Redis would have told of it, without personal data", async () => {
  const ended = endedTry()
  const { id, timestamp, processedOn, finishedOn } = ended.queued
  await record([entryOf(ended)], db)
  expect(await findRecordedRun("email", id!)).toEqual({
    jobId: id!,
    queue: "email",
    name: "email",
    status: "completed",
    progress: { percentage: 100, stage: "completed", message: "" },
    data: { to: ["[redacted]"], template: "welcome", data: "[redacted]", locale: "pt-BR" },
    returnValue: { sent: 1, suppressed: 0, messageId: "message-1" },
    failedReason: null,
    attemptsMade: 1,
    createdAt: timestamp,
    processedOn: processedOn!,
    finishedOn: finishedOn!,
  })
  expect(await findRecordedRun("invoice", id!)).toBeUndefined()
})

test("a batch written twice, or by two at once, is there once", async () => {
  const batch = Array.from({ length: 300 }, () =>
    entryOf(
      endedTry({
        lines: [
          { at: 1, text: "a" },
          { at: 1, text: "a" },
        ],
      }),
    ),
  )
  await Promise.all([record(batch, db), record(batch.toReversed(), db)])
  await record(batch, db)
  expect(
    await db`select (select count(*) from runs) as runs, (select count(*) from run_events) as events`,
  ).toEqual([{ runs: 300, events: 600 }] as never)
})

test("a run that ended again later replaces what was recorded, and never the other way round", async () => {
  const id = crypto.randomUUID()
  const at = Date.now()
  const first = entryOf(
    endedTry({ outcome: "failed", error: new Error("no luck") }, { id, finishedOn: at, attemptsMade: 3 }),
  )
  const second = entryOf(endedTry({}, { id, finishedOn: at + 1, attemptsMade: 4 }))
  const status = async () => (await findRecordedRun("email", id))?.status

  await record([first], db)
  expect(await status()).toBe("failed")
  await record([second, first], db)
  expect(await status()).toBe("completed")
  await record([first], db)
  expect(await findRecordedRun("email", id)).toMatchObject({
    status: "completed",
    attemptsMade: 4,
    failedReason: null,
  })
  expect(await eventsOf(id)).toMatchObject([
    { kind: "attempt", data: { outcome: "failed", error: "no luck" } },
  ])
})

test("one entry that PostgreSQL will not have is logged, and keeps no other back", async () => {
  const said: string[] = []
  const { write } = sink
  sink.write = (line) => void said.push(line)
  process.env.LOG_LEVEL = "error"
  forgetLogForm()
  const good = Array.from({ length: 100 }, () => entryOf(endedTry()))
  const poison = entryOf(endedTry({}, { opts: { priority: 2 ** 40 } }))
  const events = { ...poison, id: "poisoned-event", run: undefined, events: ['{"runId": "x", "at": 1}'] }
  await record(good.toSpliced(33, 0, poison).toSpliced(77, 0, events), db)
  sink.write = write
  process.env.LOG_LEVEL = "silent"
  forgetLogForm()
  expect(said).toHaveLength(2)
  expect(said[0]).toContain(`Run ${poison.id} cannot be recorded`)
  expect(await recordedIds("email", db)).toEqual(good.map(({ id }) => id).sort())
})

describe("of personal data in a mail's run", () => {
  test("nothing is anywhere in the ledger, however the run ended", async () => {
    const planted = /planted|529\.982\.247-25/i
    const data = Object.fromEntries(
      Object.keys(templateProps).map((template) => [template, { userName: "Planted Silva" }]),
    )
    const outcomes = [
      "completed",
      "failed",
      "cancelled",
      "timed-out",
      "retrying",
      "postponed",
      "handed-back",
    ] as const
    const tries = outcomes.flatMap((outcome) =>
      Object.entries(data).flatMap(([template, props]) => {
        const payload = {
          to: ["planted@example.com"],
          from: "Planted <planted@example.com>",
          template,
          data: props,
        }
        const told = {
          outcome,
          lines: [{ at: 1, text: "Sent to p***@example.com" }],
          stages: [{ at: 1, percentage: 1, stage: "planted@example.com", message: "CPF 529.982.247-25" }],
          ...(outcome === "completed"
            ? { result: { sent: 1, suppressed: 0, messageId: null, to: "Planted" } }
            : { error: new Error("planted@example.com with CPF 529.982.247-25 was refused") }),
        }
        return [
          endedTry({ ...told, payload }, { data: payload }),
          endedTry({ ...told, payload: undefined }, { data: { ...payload, Planted: "planted" } }),
        ]
      }),
    )
    await record(tries.map(entryOf), db)
    const [{ rows, text }] = await db<[{ rows: number; text: string }]>`
      select count(*) as rows, string_agg(line, E'\n') as text
      from (select runs::text as line from runs union all select run_events::text from run_events) as ledger
    `
    const tried = tries.length / outcomes.length
    const [runs, told, failures] = [4 * tried, 2 * tries.length, 6 * tried]
    expect(rows).toBe(runs + told + failures)
    expect(text).not.toMatch(planted)
    expect(text).toContain("[redacted]")
  })
})

test("a page of a queue, newest first, is read without sorting", async () => {
  const others = jobNamed("others")
  const entries = Array.from({ length: 5_000 }, (_, n) => entryOf(endedTry(n % 10 ? { job: others } : {})))
  await record(entries, db)
  await db`analyze runs`
  const plan = await db`
    explain select id from runs
    where queue = 'email' and (finished_at, id) < (now() + interval '1 day', '')
    order by finished_at desc, id desc
    limit 20
  `
  const text = JSON.stringify(plan)
  expect(text).toContain("runs_latest")
  expect(text).not.toContain("Sort")
})

test("every job's example can be recorded", async () => {
  const tries = jobs.map((job) => endedTry({ job, payload: job.payload.parse(job.example) }))
  await record(tries.map(entryOf), db)
  for (const { queued, job } of tries) expect(await findRecordedRun(job.name, queued.id!)).toBeDefined()
})
