import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { type Invoice, issueInvoice } from "../../db/invoices.ts"
import { pool } from "../../db/pool.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { PermanentError } from "../../lib/errors.ts"
import { email } from "../../lib/jobs/email.ts"
import { invoice } from "../../lib/jobs/invoice.ts"
import { queueInvoice } from "../../lib/producers.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { storage } from "../../lib/storage/storage.ts"
import { hasPoppler } from "../../sandbox/poppler.ts"
import { qrCodeOn } from "../../sandbox/qr.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { once } from "../once.ts"
import { enqueued, perform, testRun, tick } from "../testing.ts"

let home: Awaited<ReturnType<typeof letHome>>
let renter: string
let issued: Invoice

const issue = (paymentId: number) =>
  issueInvoice({ paymentId, issuedBy: "admin" }, new Date("2026-02-02T15:00:00Z"))

async function begin(given: Parameters<typeof letHome>[0] = {}) {
  await emptyRentals()
  renter = `ana.${crypto.randomUUID()}@example.com`
  home = await letHome({ ...given, renter: { email: renter, ...given.renter } })
  issued = await issue(home.paymentId)
}

beforeEach(() => begin())
afterEach(async () => {
  world.resend.forgive()
  for (const job of [invoice, email]) await queueOf(job).obliterate({ force: true })
})

const asked = (sendEmail = false) => ({ invoiceId: issued.id, userId: home.userId, sendEmail })
const mails = () => world.resend.messages.filter(({ to }) => to.includes(renter))
const stored = async (key: string) =>
  new Uint8Array(await new Response(await storage().get(key)).arrayBuffer())
const documents = async () => [
  ...(await pool()`select invoice_id, run_id, storage_key, size from invoice_documents order by created_at`),
]

/** A run whose effects are kept, as its worker keeps them. */
function keptRun() {
  const run = testRun()
  return { ...run, once: ((key, act) => once(run.id, key, act, run.signal)) as typeof run.once }
}

test("stores the PDF under its run, and mails nothing unless asked to", async () => {
  const run = testRun()
  const result = await perform("invoice", asked(), run)
  const storageKey = `invoices/${home.agencyId}/${issued.id}/${run.id}.pdf`
  const pdf = await stored(storageKey)
  expect(result).toEqual({
    ...{ invoiceId: issued.id, number: "2026-000001", storageKey, size: pdf.length, emailRunId: null },
  })
  expect(await documents()).toMatchObject([
    { invoiceId: issued.id, runId: run.id, storageKey, size: pdf.length },
  ])
  if (hasPoppler) expect(await qrCodeOn(pdf, 1)).toBe(issued.pixCode!)
  expect(await enqueued("email")).toEqual([])
  expect(run.progressed.at(-1)).toMatchObject({ percentage: 100, stage: "done" })
})

test("mails it to who pays, with the PDF, once, however often the run is tried", async () => {
  const run = keptRun()
  const first = await perform("invoice", asked(true), run)
  const pdf = await stored(first.storageKey)
  expect(await perform("invoice", asked(true), { ...run, attempt: 2 })).toEqual(first)
  expect(await stored(first.storageKey)).toEqual(pdf)
  expect(await documents()).toHaveLength(1)
  await tick()
  expect(mails()).toMatchObject([
    {
      subject: expect.stringMatching(/^Fatura do aluguel de fevereiro de 2026: R\$\s1\.550,00$/),
      text: expect.stringContaining(issued.pixCode!),
      attachments: [{ filename: "fatura-2026-000001.pdf" }],
    },
  ])
  expect((await findRun(email, first.emailRunId!))?.status).toBe("completed")
})

test("does not mail twice what was mailed before its record was kept", async () => {
  const run = testRun()
  await perform("invoice", asked(true), run)
  await tick()
  // Nothing is known of the first try but the id it was asked for by.
  await perform("invoice", asked(true), { ...testRun(), id: run.id })
  await tick()
  expect(mails()).toHaveLength(1)
})

test("is asked for as the specification has it, before the invoices of a batch", async () => {
  await queueInvoice({ invoiceId: issued.id, userId: home.userId, sendEmail: true })
  expect(await enqueued("invoice")).toMatchObject([{ name: "generate-invoice", priority: 3 }])
  await tick()
  expect(mails()).toHaveLength(1)
})

describe("gives up", () => {
  const error = (given: Partial<ReturnType<typeof asked>>) =>
    perform("invoice", { ...asked(), ...given }).then(
      () => undefined,
      (error) => [error instanceof PermanentError, error.message],
    )

  test("on an invoice that was not issued", async () => {
    expect(await error({ invoiceId: 12_345 })).toEqual([true, "There is no invoice 12345: issue it first"])
  })

  test("when somebody of another agency, or another renter, asks for it", async () => {
    const { userId } = await letHome()
    const refusal = (id: number) => [
      true,
      `User ${id} is not of the agency of invoice 2026-000001, nor its renter or owner`,
    ]
    expect(await error({ userId })).toEqual(refusal(userId))
    expect(await error({ userId: 999 })).toEqual(refusal(999))
    const [other] = await pool()<[{ id: number }]>`
      insert into users (agency_id, name, email, password_hash, role)
      values (${home.agencyId}, 'Outra', 'outra@example.com', 'none', 'renter')
      returning id
    `
    expect(await error({ userId: other.id })).toEqual(refusal(other.id))
    await pool()`update renters set user_id = ${other.id} where id = ${home.renterId}`
    expect(await error({ userId: other.id })).toBeUndefined()
  })

  test("on a mail to a renter without an address, with the PDF stored", async () => {
    await begin({ renter: { email: null } })
    expect(await error({ sendEmail: true })).toEqual([
      true,
      `Invoice 2026-000001 is stored and not mailed: renter ${home.renterId} has no e-mail address`,
    ])
    expect(await documents()).toHaveLength(1)
  })
})

test("is mailed with whatever names and descriptions there are", async () => {
  for (const name of ["😀".repeat(2_500), "محمد الخطيب ".repeat(400), " ", "Ana\r\nBcc: x@example.com"]) {
    await begin({
      renter: { name },
      agency: { name, legalName: name, street: name, pixKey: null },
      payment: { extraCents: 100, extraDescription: name, discountCents: 100, discountDescription: name },
    })
    await perform("invoice", asked(true))
    await tick()
    expect(mails()).toHaveLength(1)
  }
})

test("killed again and again in the middle, every invoice has its PDF whole and one mail", async () => {
  await emptyRentals()
  home = await letHome({ renter: { email: renter }, months: 24, firstMonth: "2026-03" })
  const invoices = await Promise.all(home.paymentIds.map(issue))
  const start = () =>
    startService([process.execPath, "worker/main.ts"], {
      WORKER_QUEUES: "invoice,email",
      LOCK_DURATION: "500",
      STALLED_INTERVAL: "300",
      MAX_STALLED_COUNT: "1000",
    })
  let worker: Service = await start()
  const runs = await Promise.all(
    invoices.map(({ id }) => enqueue(invoice, { invoiceId: id, userId: home.userId, sendEmail: true })),
  )
  for (const killedAt of [1, 6, 12, 18]) {
    expect(await until(async () => (await documents()).length >= killedAt, 60_000)).toBe(true)
    worker.signal("SIGKILL")
    await worker.ended
    worker = await start()
  }
  const statuses = () => Promise.all(runs.map(async ({ id }) => (await findRun(invoice, id))?.status))
  expect(await until(async () => (await statuses()).every((status) => status === "completed"), 90_000)).toBe(
    true,
  )
  expect(await until(async () => mails().length >= invoices.length, 60_000)).toBe(true)
  await worker.stop()

  const names = mails().map(({ attachments }) => attachments?.[0]?.filename)
  expect(names.sort()).toEqual(invoices.map(({ number }) => `fatura-${number}.pdf`).sort())
  const made = (await documents()) as unknown as { storageKey: string; size: number }[]
  expect(made).toHaveLength(invoices.length)
  const ending = new TextDecoder()
  for (const { storageKey, size } of made) {
    const pdf = await stored(storageKey)
    expect(pdf.length).toBe(size)
    expect(ending.decode(pdf.subarray(-6)).trim()).toBe("%%EOF")
  }
}, 240_000)
