import { afterEach, describe, expect, test } from "bun:test"
import { mkdtemp } from "node:fs/promises"
import { join } from "node:path"
import { latestDocument } from "../db/invoice-documents.ts"
import { issueInvoice } from "../db/invoices.ts"
import { pool } from "../db/pool.ts"
import { emptyRentals, letHome } from "../db/testing-rentals.ts"
import { seedDemo } from "../sandbox/demo.ts"
import { required } from "../sandbox/required.ts"
import { runtimes } from "../sandbox/service.ts"
import { seedSync } from "../worker/price-sync/testing.ts"
import { enqueued, tick } from "../worker/testing.ts"
import type { Enqueued } from "./enqueue.ts"
import { UnknownQueue } from "./errors.ts"
import { jobOf, jobs } from "./jobs/index.ts"
import { specifiedExamples } from "./producers.example.ts"
import {
  createQueue,
  QueueName,
  queueEmail,
  queueFinalNotice,
  queueOverduePaymentReminder,
  queues,
  queueUpcomingPaymentReminder,
} from "./producers.ts"
import { queueOf } from "./queues.ts"

const node = Bun.which("node")
const root = join(import.meta.dir, "..")

afterEach(() => Promise.all(jobs.map((job) => queueOf(job).obliterate({ force: true }))))

/** What the examples leave in Redis, whoever ran them. */
async function expectExamples(asked: Enqueued[]) {
  const jobs = asked.filter(({ queue }) => queue === "email")
  const syncs = asked.filter(({ queue }) => queue === "price-sync")
  await expectReports(asked.filter(({ queue }) => queue === "report"))
  expect(await enqueued("price-sync")).toEqual(
    syncs.map(({ id }) => ({
      id,
      name: "start-full-sync",
      payload: { forceUpdate: false },
      priority: 5,
      delay: 0,
    })),
  )
  expect(syncs).toHaveLength(2)
  expect(await enqueued("backup")).toMatchObject([
    { name: "start-backup", payload: { type: "full", compress: true, tables: ["products", "markets"] } },
  ])
  expect(await enqueued("invoice")).toEqual(
    asked
      .filter(({ queue }) => queue === "invoice")
      .map(({ id }) => ({
        id,
        name: "generate-invoice",
        payload: { invoiceId: 12_345, userId: 1, sendEmail: true },
        priority: 3,
        delay: 0,
      })),
  )
  expect(await enqueued("payment-reminder")).toMatchObject([
    { name: "send-payment-reminder", payload: { type: "overdue", contractId: 1, days: 5 }, priority: 1 },
    { name: "payment-reminders", payload: { type: "sweep" }, priority: 5 },
  ])
  expect((await enqueued("cleanup")).map(({ name, payload }) => [name, payload])).toEqual([
    ["start-cleanup", { target: "logs", olderThan: 30, dryRun: false, orphans: "report" }],
    ["cleanup-temp-files", { target: "temp-files", olderThan: 7, dryRun: false, orphans: "report" }],
  ])
  expect((await enqueued("integration-sync")).map(({ name, payload }) => [name, payload])).toEqual([
    ["integration-sync", { action: "sync" }],
    ["sync-real-estate-portal", { provider: "real-estate-portal", action: "push" }],
    ["sync-zapier", { provider: "zapier", action: "sync" }],
  ])
  const waiting = await enqueued("email")
  expect(waiting.map(({ id }) => id).sort()).toEqual(jobs.map(({ id }) => id).sort())
  expect(jobs.map(({ name }) => name)).toEqual([...Array(9).fill("send-email"), "greeting"])

  const byId = new Map(waiting.map((run) => [run.id, run]))
  const [report, welcome, , first, later, ...rest] = jobs.map(({ id }) => byId.get(id)!)
  expect(report).toMatchObject({
    priority: 1,
    payload: { template: "monthly-report", subject: "Relatório Mensal" },
  })
  expect(welcome).toMatchObject({ priority: 5, payload: { to: ["user@example.com"], locale: "pt-BR" } })
  expect(first).toMatchObject({ priority: 1 })
  expect(later).toMatchObject({ delay: 60_000 })
  for (const spread of rest.slice(0, 2)) expect(spread?.delay).toBeWithin(0, 60_001)
}

async function expectReports(asked: Enqueued[]) {
  const days = { startDate: "2025-01-01", endDate: "2025-01-31" }
  const runs = await enqueued("report")
  expect(runs.map(({ id }) => id).sort()).toEqual(asked.map(({ id }) => id).sort())
  expect(runs).toMatchObject([
    {
      priority: 2,
      payload: { type: "custom", ...days, format: "pdf", email: "user@example.com", userId: 1 },
    },
    { priority: 5, payload: { type: "monthly", ...days, format: "xlsx", content: ["prices"] } },
  ])
}

/** What a command prints that has nothing to complain of. */
async function outputOf(command: string[]) {
  const child = Bun.spawn(command, { cwd: root, env: process.env, stdout: "pipe", stderr: "pipe" })
  const [output, complaints] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  expect(complaints).toBe("")
  return output
}

/** Have an invoice with the number of the example, for the user of the example to ask for. */
async function issueExample() {
  await emptyRentals()
  const { paymentId } = await letHome()
  await pool()`select setval(pg_get_serial_sequence('invoices', 'id'), 12344)`
  await issueInvoice({ paymentId, issuedBy: "admin" }, new Date("2026-02-02T15:00:00Z"))
}

/** Have whoever the example exports, with the address that it is sent to. */
const seedExported = async () => {
  await pool()`
    insert into users (id, agency_id, name, email, password_hash, role, email_verified_at)
    overriding system value
    values (123, 1, 'John Doe', 'user@example.com', 'none', 'user', now())
  `
}

describe("the specifications' examples of mail, invoices, reminders, price sync and reports", () => {
  test("run as written, their mails are sent, their invoices and reports made and their syncs done", async () => {
    await seedSync()
    await issueExample()
    await seedExported()
    await seedDemo(pool(), "a password of the demo's people")
    await expectExamples(await specifiedExamples())
    await tick()
    expect((await enqueued("email")).every(({ delay }) => delay > 0)).toBe(true)
    expect(await enqueued("price-sync")).toEqual([])
    expect(await enqueued("backup")).toEqual([])
    expect(await enqueued("integration-sync")).toEqual([])
    expect(await latestDocument(12_345)).toBeDefined()
    expect(await enqueued("payment-reminder")).toEqual([])
    expect(await pool()`select stage from payment_reminders`).toMatchObject([{ stage: "overdue-5" }])
    expect(await enqueued("report")).toEqual([])
    for (const job of jobs) expect(await queueOf(job).getFailedCount()).toBe(0)
  })

  test.skipIf(!required("Node", node))("run on Node as well", async () => {
    const outdir = await mkdtemp(join(root, "node_modules", ".producers-"))
    const built = await Bun.build({
      entrypoints: [join(import.meta.dir, "producers.example.ts")],
      outdir,
      target: "node",
      packages: "external",
    })
    expect(built.success).toBe(true)
    const output = await outputOf([node!, join(outdir, "producers.example.js")])
    await Bun.$`rm -rf ${outdir}`
    await expectExamples(JSON.parse(output))
  })

  test("run on Deno as well", async () => {
    const [deno, ...permissions] = runtimes.deno.slice(0, -1)
    const output = await outputOf([deno!, ...permissions, join(import.meta.dir, "producers.example.ts")])
    await expectExamples(JSON.parse(output))
  })
})

test("knows each queue by its constant, its name and its aliases", () => {
  expect(QueueName.EMAIL).toBe("email")
  expect([queues.email.name, queues["email-send"].name]).toEqual(["email", "email"])
})

test("mail to many comes last, unless it says otherwise", async () => {
  const mail = { template: "welcome", data: { userName: "Ana" } } as const
  const two = ["a@example.com", "b@example.com"]
  await queueEmail({ ...mail, to: ["a@example.com"] })
  await queueEmail({ ...mail, to: two })
  await queueEmail({ ...mail, to: two, priority: "high" })
  await queueEmail({ ...mail, to: two }, { priority: 3 })
  expect((await enqueued("email")).map(({ priority }) => priority)).toEqual([1, 3, 5, 10])
})

test("asks for reminders of each kind, what is overdue before what is not", async () => {
  await queueUpcomingPaymentReminder(7)
  await queueOverduePaymentReminder(7)
  await queueFinalNotice(7, 40, { priority: 2 })
  expect((await enqueued("payment-reminder")).map(({ payload, priority }) => [payload, priority])).toEqual([
    [{ type: "overdue", contractId: 7 }, 1],
    [{ type: "final-notice", contractId: 7, days: 40 }, 2],
    [{ type: "upcoming", contractId: 7 }, 3],
  ])
})

test("says which queues there are", () => {
  // @ts-expect-error only queues that there are compile
  expect(() => createQueue("mail")).toThrow(UnknownQueue)
  expect(() => jobOf("mail")).toThrow(
    new UnknownQueue(`No queue "mail": the queues are ${Object.keys(queues).join(", ")}`),
  )
})

test("takes no mail that does not compile", async () => {
  const queue = createQueue("email")
  // @ts-expect-error a welcome needs a name
  const nameless = queue.add("x", { to: "a@example.com", template: "welcome", data: {} })
  await expect(nameless).rejects.toThrow("data.userName")
  // @ts-expect-error a queue takes its own data, and not another's
  await expect(createQueue("report").add("x", { to: "a@example.com" })).rejects.toThrow(
    "Bad payload for report",
  )
  // @ts-expect-error there is no such template
  const misspelt = queue.add("x", { to: "a@example.com", template: "welcom", data: { userName: "Ana" } })
  await expect(misspelt).rejects.toThrow("template")
})
