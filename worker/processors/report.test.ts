import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { PayloadError, PermanentError, RunCancelled } from "../../lib/errors.ts"
import { email } from "../../lib/jobs/email.ts"
import { report } from "../../lib/jobs/report.ts"
import { addJob } from "../../lib/producers.ts"
import { queueOf } from "../../lib/queues.ts"
import { schedulesOf } from "../../lib/schedules/declared.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { AT, monthly, seedAgency, stored, storedKeys } from "../reports/testing.ts"
import { enqueued, perform, testRun, tick } from "../testing.ts"

let leave: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  await seedAgency()
})
afterAll(() => leave())
afterEach(() => Promise.all([email, report].map((job) => queueOf(job).obliterate({ force: true }))))

const rowOf = async (runId: string) => {
  const [row] = await pool()`
    select id, agency_id, user_id, type, content, start_date::text, end_date::text, format, locale, storage_key, file_size, highlights
    from reports
    where run_id = ${runId}
  `
  return row
}

test.each(["pdf", "xlsx", "csv"] as const)(
  "a %s is stored under the run's id, and recorded",
  async (format) => {
    const run = testRun()
    const result = await perform("report", monthly({ format }), run)
    const key = `reports/1/${run.id}/2026-02-01_2026-02-28.${format}`
    const bytes = await stored(key)
    expect(result).toEqual({
      reportId: expect.any(Number),
      storageKey: key,
      fileSize: bytes!.length,
      runs: [],
    })
    expect(await rowOf(run.id)).toMatchObject({
      id: result.reportId,
      agencyId: 1,
      userId: null,
      type: "monthly",
      startDate: "2026-02-01",
      endDate: "2026-02-28",
      format,
      locale: "pt-BR",
      storageKey: key,
      fileSize: bytes!.length,
    })
    const stages = run.progressed.map(({ stage }) => stage)
    expect([...new Set(stages)]).toEqual(["collecting", "writing", "completed"])
    expect(run.progressed.at(-2)!.message).toMatch(/^(\d+) of \1 rows$/)
    expect(run.progressed.at(-2)!.percentage).toBe(99)

    // Asked for again, by whichever run: the same bytes.
    const again = await perform("report", monthly({ format }))
    expect((await stored(again.storageKey!))!.equals(bytes!)).toBe(true)
  },
)

test("run twice, it leaves one file, one row and one mail, whose link leads to the file", async () => {
  const run = testRun()
  const payload = monthly({ email: "dona.do.relatorio@example.com" })
  const first = await perform("report", payload, run)
  expect(await perform("report", payload, testRun({ id: run.id, attempt: 2 }))).toEqual(first)
  expect((await storedKeys()).filter((key) => key.includes(run.id))).toEqual([first.storageKey!])

  const mails = await enqueued("email")
  expect(mails).toHaveLength(1)
  expect(mails[0]!.payload).toMatchObject({
    to: ["dona.do.relatorio@example.com"],
    template: "report-ready",
    locale: "pt-BR",
    data: {
      type: "monthly",
      startDate: "2026-02-01",
      endDate: "2026-02-28",
      format: "pdf",
      fileSize: first.fileSize!,
      timeZone: "America/Sao_Paulo",
    },
  })
  await tick()
  const { html } = world.resend.messages.find(({ to }) => to.includes("dona.do.relatorio@example.com"))!
  expect(html).toContain("Seu relatório mensal está pronto")
  expect(html).toContain("R$\u00a060.257,31")
  const link = /href="(https:\/\/app\.araucaria\.example\/files\/est_[^"]+)"/.exec(html!)?.[1]
  expect(JSON.parse(Buffer.from(link!.split("est_")[1]!.split(".")[0]!, "base64url").toString())[0]).toBe(
    first.storageKey!,
  )
})

test("a user's report is about their agency, in their language", async () => {
  const [user] = await pool()<{ id: number; agencyId: number }[]>`
    update users set locale = 'en' where email = 'lígia@pevermelho.example' or email like '%@pevermelho.example' and role = 'broker'
    returning id, agency_id
  `
  const run = testRun()
  const { agencyId: _, ...payload } = monthly({ userId: user!.id, format: "csv", content: ["owners"] })
  const { storageKey } = await perform("report", payload, run)
  expect(await rowOf(run.id)).toMatchObject({ agencyId: user!.agencyId, userId: user!.id, locale: "en" })
  expect((await stored(storageKey!))!.toString()).toStartWith(
    "\ufeffOwner;Payments;Gross;Fee;Deductions;Net\n",
  )
})

test("market prices are no agency's", async () => {
  const run = testRun()
  const { agencyId: _, ...payload } = monthly({ content: ["prices"], format: "csv" })
  const { storageKey } = await perform("report", payload, run)
  expect(storageKey).toStartWith(`reports/prices/${run.id}/`)
  expect(await rowOf(run.id)).toMatchObject({ agencyId: null })
})

test("without an agency, each agency is asked a report for, once, however often it is tried", async () => {
  const run = testRun({ id: "daily-reports-20260315T030000Z" })
  const { agencyId: _, ...payload } = monthly({ type: "daily" })
  const { runs } = await perform("report", payload, run)
  expect(await perform("report", payload, testRun({ id: run.id }))).toEqual({
    reportId: null,
    storageKey: null,
    fileSize: null,
    runs,
  })
  const asked = await enqueued("report")
  expect(asked.map(({ id }) => id).sort()).toEqual(runs.toSorted())
  expect(asked.map(({ payload }) => payload.agencyId).sort()).toEqual([1, 2])
  await tick()
  expect(await Promise.all(runs.map(async (id) => (await rowOf(id))?.startDate))).toEqual([
    "2026-03-14",
    "2026-03-14",
  ])
  // The runs that have ended are not asked for once more, also when Redis has forgotten them.
  await queueOf(report).obliterate({ force: true })
  await pool()`
    insert into runs (id, queue, name, status, payload, priority, attempts, asked_at, finished_at)
    select id, 'report', 'report', 'completed', '{}', 5, 1, now(), now() from unnest(${runs}::text[]) as id
    on conflict (id) do nothing
  `
  await perform("report", payload, testRun({ id: run.id }))
  expect(await enqueued("report")).toEqual([])
})

test.each([
  ["daily-reports", "2026-03-15T03:00:00Z", "2026-03-14", "2026-03-14"],
  ["weekly-reports", "2026-03-16T11:00:00Z", "2026-03-09", "2026-03-15"],
  ["monthly-reports", "2026-03-01T11:00:00Z", "2026-02-01", "2026-02-28"],
])("%s at %s are about %s to %s", async (name, slot, start, end) => {
  const schedule = schedulesOf().find((schedule) => schedule.name === name)!
  await enqueue(report, schedule.payload(new Date(slot)) as never)
  await tick()
  const rows = await pool()`
    select agency_id, start_date::text as start, end_date::text as end
    from reports
    where created_at > now() - interval '1 minute' and type = ${name.split("-")[0]!}
    order by id desc
    limit 2
  `
  expect(rows.map(({ agencyId }) => agencyId).sort()).toEqual([1, 2])
  for (const row of rows) expect(row).toMatchObject({ start, end })
})

describe("refuses for good, and says why,", () => {
  test.each([
    ["an agency that is not there", { agencyId: 404 }, "There is no agency 404"],
    ["a user who is not there", { userId: 404 }, "There is no user 404"],
    ["a user of another agency", { userId: 1, agencyId: 2 }, "User 1 is not of agency 2: send one of both"],
    [
      "days that have not come",
      { type: "custom", startDate: "2026-03-16", endDate: "2026-03-31" },
      "The period from 2026-03-16 to 2026-03-31 has not begun: today is 2026-03-15 in America/Sao_Paulo; ask for days that have come",
    ],
  ] as const)("%s", async (_, given, message) => {
    const error = await perform("report", monthly(given)).catch((error) => error)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toBe(message)
  })

  test.each(["renter", "owner"])("somebody who is an agency's %s, and does not work there", async (role) => {
    const [user] = await pool()<[{ id: number }]>`
      insert into users (agency_id, name, email, password_hash, role) values (1, 'De fora', ${`${role}@fora.example`}, 'none', ${role})
      returning id
    `
    const error = await perform("report", monthly({ userId: user.id })).catch((error) => error)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toBe(`User ${user.id} is ${role}: the report of an agency is for who works there`)
  })
})

test("a period that has begun is told of until today", async () => {
  const { storageKey } = await perform(
    "report",
    monthly({
      type: "custom",
      startDate: "2026-03-01",
      endDate: "2026-03-31",
      format: "csv",
      content: ["rental"],
    }),
  )
  const text = (await stored(storageKey!))!.toString()
  expect(text).toContain(";A vencer\n")
  expect(text).toContain("31/03/2026;")
})

describe("the door", () => {
  test.each([
    [{ type: "custom", startDate: "2026-02-02", endDate: "2026-02-01", format: "pdf" }, "endDate"],
    [{ type: "custom", format: "pdf" }, "endDate"],
    [{ type: "monthly", startDate: "2026-02-01", format: "pdf" }, "endDate"],
    [{ format: "pdf" }, "type: either type or reportType"],
    [{ type: "monthly", reportType: "monthly", format: "pdf" }, "type: either type or reportType"],
    [{ type: "hourly", format: "pdf" }, "type: one of daily, weekly, monthly, yearly, custom"],
    [{ type: "monthly", format: "docx" }, "format: one of pdf, xlsx (or excel), csv"],
    [{ type: "monthly", format: "pdf", content: ["rents"] }, "content.0: one of metrics, rental"],
    [
      { type: "custom", startDate: "2026-02-30", endDate: "2026-03-01", format: "pdf" },
      "startDate: a day such as",
    ],
    [
      { type: "custom", startDate: "0000-12-31", endDate: "2026-03-01", format: "pdf" },
      "startDate: a day such as",
    ],
    [{ type: "monthly", format: "pdf", email: "ana" }, "email: an e-mail address"],
  ])("refuses %j", async (data, message) => {
    const asked = addJob("report", "x", data as never)
    await expect(asked).rejects.toThrow(PayloadError)
    await expect(asked).rejects.toThrow(message)
  })

  test("takes both spellings, and a moment where it wants a day", async () => {
    const days = { startDate: "2026-02-01", endDate: "2026-02-28" }
    await addJob("report", "x", { type: "custom", ...days, format: "excel", agencyId: 1, at: AT })
    await addJob("report-generation", "x", {
      reportType: "custom",
      period: { start: "2026-02-01T00:00:00.000Z", end: "2026-02-28T23:59:59.000Z" },
      format: "xlsx",
      includeCharts: false,
    })
    const [one, other] = (await enqueued("report")).map(({ payload }) => payload)
    expect([one, other]).toMatchObject([
      {
        type: "custom",
        ...days,
        format: "xlsx",
        content: ["metrics", "rental", "overdue", "owners", "leads"],
        includeCharts: true,
      },
      { type: "custom", ...days, format: "xlsx", content: ["prices"], includeCharts: false },
    ])
    expect(Date.now() - Date.parse(other!.at)).toBeWithin(0, 60_000)
  })
})

test("cancelled while its SQL runs, it stops there and leaves no file", async () => {
  const stop = new AbortController()
  const run = testRun({ signal: stop.signal })
  const busy = async () => {
    const rows = await pool()`
      select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%rental_contracts%'
    `
    return rows.length > 0
  }
  await pool().begin(async (tx) => {
    await tx`lock table rental_payments in access exclusive mode`
    const running = perform("report", monthly(), run)
    expect(await until(busy, 10_000)).toBe(true)
    const cancelled = performance.now()
    stop.abort(new RunCancelled("not wanted any more"))
    await expect(running).rejects.toThrow("not wanted any more")
    expect(performance.now() - cancelled).toBeLessThan(2_000)
    expect(await busy()).toBe(false)
  })
  expect((await storedKeys()).filter((key) => key.includes(run.id))).toEqual([])
  expect(await rowOf(run.id)).toBeUndefined()
})

test.each(["pdf", "xlsx", "csv"] as const)(
  "stopped while its %s is written, it leaves no file",
  async (format) => {
    const stop = new AbortController()
    const run = testRun({
      signal: stop.signal,
      progress: ({ stage }) =>
        void (stage === "writing" && setImmediate(() => stop.abort(new Error("the worker is stopping")))),
    })
    await expect(perform("report", monthly({ format }), run)).rejects.toThrow("the worker is stopping")
    expect((await storedKeys()).filter((key) => key.includes(run.id))).toEqual([])
    expect(await rowOf(run.id)).toBeUndefined()
  },
)
