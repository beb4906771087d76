import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { addDays, dayIn } from "../../lib/days.ts"
import { invoice } from "../../lib/jobs/invoice.ts"
import { queueOf } from "../../lib/queues.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { freePort } from "../../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { relayBatch } from "../../worker/outbox/relay.ts"
import { enqueued, tick } from "../../worker/testing.ts"

const authorization = "Bearer est_a_key_for_the_tests"

describe.each(Object.keys(runtimes) as Runtime[])("the routes of invoices, on %s", (runtime) => {
  let api: Service
  let home: Awaited<ReturnType<typeof letHome>>
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  beforeEach(async () => {
    await emptyRentals()
    await pool()`truncate outbox`
    // Due in more than a month, whatever day it is.
    home = await letHome({ firstMonth: addDays(dayIn("America/Sao_Paulo"), 62).slice(0, 7), months: 2 })
  })
  afterEach(() => queueOf(invoice).obliterate({ force: true }))
  afterAll(() => api.stop())

  const ask = (method: string, path: string, body?: unknown, base = api.url) =>
    fetchDescribed(`${base}/api/admin/invoices${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const call = async (...asked: Parameters<typeof ask>) => {
    const response = await ask(...asked)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  test("issue one and have its PDF made, which can then be fetched", async () => {
    const { paymentId, userId, renterId, agencyId } = home
    const issued = await call("POST", "", { paymentId, userId, notes: "Obrigado!" })
    const told = structuredClone(issued.body.invoice) as { id: number; number: string }
    const { id, number } = told
    expect(issued).toMatchObject({
      status: 202,
      body: {
        invoice: {
          ...{
            number: expect.stringMatching(/^\d{4}-000001$/),
            status: "issued",
            paymentId,
            renterId,
            agencyId,
            issuedBy: "admin",
          },
          ...{ totalCents: 155_000, lateFeeCents: 0, correctsId: null, correctedById: null, pdf: null },
          items: [{ kind: "rent", label: "Aluguel", amountCents: 155_000 }],
          pixCode: expect.stringContaining("br.gov.bcb.pix"),
        },
        ...{ queue: "invoice", status: "accepted", statusUrl: `/api/jobs/invoice/${issued.body.jobId}` },
      },
    })
    expect(await relayBatch()).toBe(1)
    expect(await enqueued("invoice")).toMatchObject([
      {
        id: issued.body.jobId,
        name: "generate-invoice",
        payload: { invoiceId: id, userId, sendEmail: false },
      },
    ])
    expect(await call("GET", `/${id}/pdf`)).toEqual({
      status: 404,
      body: { error: `There is no PDF of invoice ${number}: have it made with POST /api/jobs/invoice` },
    })
    await tick()
    const shown = await call("GET", `/${id}`)
    expect(shown).toEqual({
      status: 200,
      body: {
        ...told,
        pdf: { url: `/api/admin/invoices/${id}/pdf`, size: expect.any(Number) },
      },
    })
    // Whose it is stands in the document alone.
    expect(JSON.stringify(shown.body)).not.toContain("Ana Beatriz")
    const pdf = await ask("GET", `/${id}/pdf`)
    expect(pdf.headers.get("content-type")).toBe("application/pdf")
    expect(pdf.headers.get("content-disposition")).toContain(`filename="fatura-${number}.pdf"`)
    const bytes = new Uint8Array(await pdf.arrayBuffer())
    expect(bytes.length).toBe((shown.body.pdf as { size: number }).size)
    expect(new TextDecoder().decode(bytes.subarray(0, 5))).toBe("%PDF-")
  })

  test("correct one by another, which names it", async () => {
    const { paymentId, userId } = home
    const first = (await call("POST", "", { paymentId, userId })).body.invoice as {
      id: number
      number: string
    }
    const again = await call("POST", "", { paymentId, userId })
    expect(again).toEqual({
      status: 409,
      body: {
        error: `Payment ${paymentId} has invoice ${first.number} (id ${first.id}): issue one that corrects it, with the reason`,
      },
    })
    const corrects = { invoiceId: first.id, reason: "Pediu segunda via" }
    const second = await call("POST", "", { paymentId, userId, corrects, locale: "en" })
    expect(second).toMatchObject({
      status: 202,
      body: { invoice: { correctsId: first.id, items: [{ label: "Rent" }] } },
    })
    const { id } = second.body.invoice as { id: number }
    expect((await call("GET", `/${first.id}`)).body).toMatchObject({ status: "corrected", correctedById: id })
  })

  test("say what is wrong with what was asked", async () => {
    const { paymentId, userId } = home
    const { userId: stranger } = await letHome()
    const [paid] = await pool()<[{ id: number }]>`
      update rental_payments set status = 'paid', paid_cents = total_cents, paid_on = '2026-01-02'
      where id = ${home.paymentIds[1]!}
      returning id
    `
    for (const [body, status, error] of [
      [{ paymentId: 999, userId }, 404, "There is no payment 999"],
      [{ paymentId, userId: stranger }, 403, `User ${stranger} is not of the agency of payment ${paymentId}`],
      [{ paymentId: paid.id, userId }, 409, `Payment ${paid.id} is paid: nothing is owed of it`],
      [{ paymentId, userId, payOn: "2020-01-02" }, 400, "not on 2020-01-02"],
      [{ paymentId, userId, payOn: "tomorrow" }, 400, "payOn"],
      [{ paymentId }, 400, "userId: the id of who asks for it, since nobody has logged in"],
      [{ paymentId, userId, corrects: { invoiceId: 5 } }, 400, "corrects.reason"],
      [{ paymentId, userId, notes: "a\0b" }, 400, "notes: a text without NUL characters"],
      [{ paymentId, userId, discount: 5 }, 400, "discount"],
      [undefined, 400, "Bad request"],
    ] as const) {
      const answer = await call("POST", "", body)
      expect<unknown[]>([answer.status, answer.body.error]).toEqual([status, expect.stringContaining(error)])
    }
    for (const path of ["/999", "/none", "/0", "/1.5", "/99999999999999999999", "/999/pdf"])
      expect((await call("GET", path)).status).toBe(404)
    expect(await relayBatch()).toBe(0)
  })

  test("issue one while Redis is away as well, and say so while PostgreSQL is", async () => {
    const { paymentId, userId } = home
    const REDIS_URL = `redis://127.0.0.1:${await freePort()}`
    const noRedis = await (await startService(runtimes[runtime], { REDIS_URL })).up()
    const issued = await call("POST", "", { paymentId, userId }, noRedis.url)
    expect(issued).toMatchObject({ status: 202, body: { status: "accepted" } })
    await noRedis.stop()
    expect(await relayBatch()).toBe(1)
    expect(await enqueued("invoice")).toMatchObject([{ id: issued.body.jobId }])
    const DATABASE_URL = Object.assign(new URL(process.env.DATABASE_URL!), {
      port: String(await freePort()),
    }).href
    const noPostgres = await (await startService(runtimes[runtime], { DATABASE_URL })).up()
    const unknown = await call("GET", "/1", undefined, noPostgres.url)
    expect([unknown.status, unknown.body.error]).toEqual([503, expect.stringContaining("PostgreSQL")])
    await noPostgres.stop()
  })

  test("stand in the reference", async () => {
    const reference = await fetch(`${api.url}/openapi/json`, { headers: { authorization } })
    const { paths } = (await reference.json()) as { paths: Record<string, Record<string, unknown>> }
    for (const [method, path] of [
      ["post", "/api/admin/invoices"],
      ["get", "/api/admin/invoices/{id}"],
      ["get", "/api/admin/invoices/{id}/pdf"],
    ] as const)
      expect(paths[path]?.[method] ?? paths[`${path}/`]?.[method]).toMatchObject({ tags: ["invoice"] })
  })
})
