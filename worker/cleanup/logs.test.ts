import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { pool } from "../../db/pool.ts"
import { agedTables } from "../../db/retention/tables.ts"
import { addMonths, dayOfMonth, daysBetween, monthOf } from "../../lib/days.ts"
import { perform } from "../testing.ts"

const db = pool()
const clean = (given: { olderThan?: number | string; dryRun?: boolean } = {}) =>
  perform("cleanup", { target: "logs", olderThan: 30, dryRun: false, orphans: "report", ...given })

const itemsOf = async (...given: Parameters<typeof clean>) =>
  Object.fromEntries((await clean(...given)).items.map(({ what, ...item }) => [what, item]))

const hasEnded = (id: string, daysAgo: number) => db`
  insert into runs (id, queue, name, status, priority, payload, attempts, asked_at, finished_at)
  values (${id}, 'email', 'email', 'completed', 5, '{}', 1, now(), now() - ${daysAgo} * interval '1 day')
`

/** A minute past the day: an edge to the millisecond falls on either side of two clocks that are read one after the other. */
const wasMailed = (recipient: string, daysAgo: number, template = "welcome") => db`
  insert into email_messages (run_id, recipient, template, locale, subject, status, created_at)
  values ('a run', ${recipient}, ${template}, 'pt-BR', 'Olá', 'suppressed',
    now() - ${daysAgo} * interval '1 day' - interval '1 minute')
`

const wasAccessed = (action: string, daysAgo: number) => db`
  insert into access_logs (action, at) values (${action}, now() - ${daysAgo} * interval '1 day')
`

const left = async (table: string, column: string) =>
  (await db<{ value: string }[]>`select ${db(column)} as value from ${db(table)} order by 1`).map(
    ({ value }) => value,
  )

beforeEach(async () => {
  await db`truncate runs, run_events, effects, email_messages, access_logs`
})
afterEach(() => {
  delete process.env.LEDGER_DAYS
})

test("deletes what is older than it is told to, and nothing younger", async () => {
  await hasEnded("old", 31)
  await hasEnded("young", 29)
  await wasMailed("old@example.com", 31)
  await wasMailed("young@example.com", 29)
  expect(await clean()).toMatchObject({ target: "logs", dryRun: false, deleted: 2, kept: 0 })
  expect(await left("runs", "id")).toEqual(["young"])
  expect(await left("email_messages", "recipient")).toEqual(["young@example.com"])
  expect(await clean()).toMatchObject({ deleted: 0, kept: 0 })
})

test("takes mailings that have ended with their recipients, and leaves those that go on", async () => {
  for (const [key, status] of [
    ["old", "completed"],
    ["slow", "sending"],
    ["forgotten", "draft"],
  ] as const) {
    const [mailing] = await db<[{ id: number }]>`
      insert into mailings (key, template, locale, data, per_minute, status, due_at, ended_at, created_by, decided_by, created_at)
      values (${key}, 'welcome', 'en', '{}', 1, ${status}, now(), case when ${status} = 'completed' then now() end, 'ana', 'ana',
        now() - interval '31 days')
      returning id
    `
    await db`
      insert into mailing_recipients (mailing_id, email, data, chunk, created_at)
      values (${mailing.id}, ${`${key}@example.com`}, '{}', 0, now() - interval '31 days')
    `
    await db`
      insert into mailing_chunks (mailing_id, number, run_id, created_at)
      values (${mailing.id}, 0, ${key}, now() - interval '31 days')
    `
  }
  expect(await clean()).toMatchObject({ deleted: 6 })
  expect(await left("mailings", "key")).toEqual(["slow"])
  expect(await left("mailing_recipients", "email")).toEqual(["slow@example.com"])
  await db`truncate mailings cascade`
})

test("takes a moment as well as days", async () => {
  await hasEnded("before", 50)
  await hasEnded("after", 40)
  const olderThan = new Date(Date.now() - 45 * 86_400_000).toISOString()
  expect(await clean({ olderThan })).toMatchObject({ deleted: 1, before: olderThan })
  expect(await left("runs", "id")).toEqual(["after"])
})

test("keeps the ledger for LEDGER_DAYS, whoever asks for less, and says so", async () => {
  process.env.LEDGER_DAYS = "60"
  await hasEnded("kept", 59)
  await hasEnded("old", 61)
  const { runs } = await itemsOf({ olderThan: 1 })
  expect(runs).toEqual({
    deleted: 1,
    kept: [{ count: 1, why: "LEDGER_DAYS has the ledger kept for 60 days" }],
  })
  expect(await left("runs", "id")).toEqual(["kept"])
})

test("keeps accesses for the six months of the law, however little is asked for", async () => {
  await wasAccessed("export.requested", 180)
  await wasAccessed("export.downloaded", 185)
  const { access_logs } = await itemsOf({ olderThan: 1 })
  expect(access_logs).toEqual({
    deleted: 1,
    kept: [{ count: 1, why: expect.stringContaining("12.965/2014") }],
  })
  expect(await left("access_logs", "action")).toEqual(["export.requested"])
})

test("keeps what proves that somebody was told what they owe, for five years", async () => {
  for (const template of ["invoice", "payment-overdue", "payment-reminder", "contract-expiring", "welcome"])
    await wasMailed(`${template}@example.com`, 5 * 365, template)
  await wasMailed("long.ago@example.com", 5 * 366 + 1, "invoice")
  const { email_messages } = await itemsOf()
  expect(email_messages).toEqual({
    deleted: 2,
    kept: [{ count: 4, why: expect.stringContaining("five years") }],
  })
  expect(await left("email_messages", "recipient")).not.toContain("welcome@example.com")
})

test("keeps mails of runs that may still be retried, whose recipients would have them twice", async () => {
  await wasMailed("a@example.com", 8)
  await wasMailed("b@example.com", 10)
  expect((await itemsOf({ olderThan: 1 })).email_messages).toMatchObject({ deleted: 1, kept: [{ count: 1 }] })
  expect(await left("email_messages", "recipient")).toEqual(["a@example.com"])
})

test("never touches the audit log, nor any table that is not said to go with age", async () => {
  await db`insert into audit_log (phase, actor, action, target) values ('asked', 'admin', 'run.cancelled', 'x')`
  const kept = [
    "audit_log",
    "invoices",
    "rental_payments",
    "users",
    "backups",
    "prices",
    "api_keys",
    "consents",
  ]
  expect(agedTables.map(({ table }) => table).filter((table) => kept.includes(table))).toEqual([])
  const before = await left("audit_log", "hash")
  await clean({ olderThan: 1 })
  expect(await left("audit_log", "hash")).toEqual(before)
})

test("every table that goes with age has the column its age is told by, and what keeps its rows can be asked", async () => {
  for (const target of ["logs", "old-exports", "old-data"] as const) {
    const wanted = { target, olderThan: 3_650, dryRun: true, orphans: "report" as const }
    const { items } = await perform("cleanup", wanted)
    const tables = agedTables.filter((aged) => aged.target === target).map(({ table }) => table)
    expect(items.map(({ what }) => what)).toEqual(expect.arrayContaining(tables))
  }
})

describe("a dry run", () => {
  test("deletes nothing, and tells what the real one then does, of any mails", async () => {
    const mails = fc.array(
      fc.record({
        days: fc.integer({ min: 0, max: 2_200 }),
        template: fc.constantFrom("welcome", "invoice"),
      }),
      { minLength: 1, maxLength: 30 },
    )
    const today = new Date().toISOString().slice(0, 10)
    const fiveYearsAgo = dayOfMonth(addMonths(monthOf(today), -5 * 12), Number(today.slice(8)))
    const fiveYears = daysBetween(fiveYearsAgo, today)
    const property = fc.asyncProperty(mails, fc.integer({ min: 1, max: 400 }), async (mails, olderThan) => {
      await db`truncate email_messages`
      for (const [at, { days, template }] of mails.entries())
        await wasMailed(`${at}@example.com`, days, template)
      const told = (await itemsOf({ olderThan, dryRun: true })).email_messages!
      expect(await left("email_messages", "recipient")).toHaveLength(mails.length)
      const done = (await itemsOf({ olderThan })).email_messages!
      expect(done).toEqual(told)

      const goes = mails.filter(
        ({ days, template }) =>
          days >= Math.max(olderThan, 9) && (template === "welcome" || days >= fiveYears),
      )
      expect(done.deleted).toBe(goes.length)
      const old = mails.filter(({ days }) => days >= olderThan).length
      expect(done.kept.reduce((total, { count }) => total + count, 0)).toBe(old - goes.length)
    })
    const around = [fiveYears - 1, fiveYears].map((days) => ({ days, template: "invoice" }))
    await fc.assert(property, { numRuns: 25, examples: [[around, 1]] })
  })
})
