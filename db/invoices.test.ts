import { beforeEach, describe, expect, test } from "bun:test"
import { InvoiceRefused } from "../lib/invoices/refused.ts"
import { pixAmount, pixCode } from "../lib/pix.ts"
import { createRandom } from "../sandbox/fleet/random.ts"
import { findInvoice, type InvoiceRequest, issueInvoice } from "./invoices.ts"
import { pool, sidePool } from "./pool.ts"
import { emptyRentals, letHome } from "./testing-rentals.ts"

beforeEach(emptyRentals)

/** Noon in São Paulo. */
const noon = (day: string) => new Date(`${day}T15:00:00Z`)

const issue = (paymentId: number, day = "2026-02-02", more: Partial<InvoiceRequest> = {}) =>
  issueInvoice({ paymentId, issuedBy: "admin", ...more }, noon(day))

const numbers = async () => {
  const rows = await pool()<
    { number: string }[]
  >`select number from invoices order by agency_id, year, sequence`
  return rows.map(({ number }) => number)
}

const upTo = (count: number, year = 2026) =>
  Array.from({ length: count }, (_, index) => `${year}-${String(index + 1).padStart(6, "0")}`)

describe("an invoice", () => {
  test("asks for the charge until the due date, with a PIX code for that sum", async () => {
    const { paymentId, agencyId, renterId } = await letHome({
      payment: {
        condoCents: 18_000,
        iptuCents: 8_000,
        discountCents: 3_000,
        discountDescription: "Pontualidade",
      },
    })
    const invoice = await issue(paymentId)
    expect(invoice).toMatchObject({
      ...{
        agencyId,
        renterId,
        number: "2026-000001",
        correctsId: null,
        correctedById: null,
        issuedOn: "2026-02-02",
      },
      ...{
        dueDate: "2026-02-10",
        principalCents: 178_000,
        lateFeeCents: 0,
        interestCents: 0,
        totalCents: 178_000,
      },
      content: {
        items: [
          { kind: "rent", amountCents: 155_000 },
          { kind: "condo", amountCents: 18_000 },
          { kind: "iptu", amountCents: 8_000 },
          { kind: "discount", amountCents: -3_000, description: "Pontualidade" },
        ],
      },
    })
    expect(pixCode.parse(invoice.pixCode)).toContain("05102026000001")
    expect(pixAmount(invoice.pixCode!)).toBe(178_000)
  })

  test("asks for fee and interest to the day by the contract's own terms", async () => {
    const { paymentId } = await letHome()
    // Five days after: a Sunday, for which the code is asked for by name.
    expect(await issue(paymentId, "2026-02-13", { payOn: "2026-02-15" })).toMatchObject({
      ...{
        dueDate: "2026-02-15",
        principalCents: 155_000,
        lateFeeCents: 3_100,
        interestCents: 258,
        totalCents: 158_358,
      },
      content: {
        items: [
          { kind: "rent", amountCents: 155_000 },
          { kind: "late-fee", amountCents: 3_100, percent: 2 },
          { kind: "interest", amountCents: 258, percentMonth: 1, days: 5 },
        ],
      },
    })
  })

  test("of an overdue charge is for the next business day", async () => {
    const { paymentId } = await letHome()
    expect(await issue(paymentId, "2026-02-14")).toMatchObject({
      issuedOn: "2026-02-14",
      dueDate: "2026-02-18",
    })
  })

  test.each([
    ["2025-11", "a Monday", "2025-11-10"],
    ["2026-01", "a Saturday", "2026-01-12"],
    ["2026-10", "a Saturday before a holiday", "2026-10-13"],
  ])("of %s, due on %s, can be paid until %s", async (firstMonth, _, dueDate) => {
    const { paymentId } = await letHome({ firstMonth })
    expect(await issue(paymentId, dueDate)).toMatchObject({ dueDate, lateFeeCents: 0, interestCents: 0 })
  })

  test("within the days of grace asks for nothing more", async () => {
    const { paymentId } = await letHome({ contract: { graceDays: 5 } })
    expect(await issue(paymentId, "2026-02-13")).toMatchObject({ dueDate: "2026-02-13", totalCents: 155_000 })
  })

  test("of what was paid in part asks for the rest", async () => {
    const { paymentId } = await letHome({
      payment: { status: "partially_paid", paidCents: 100_000, paidOn: "2026-02-09" },
    })
    expect(await issue(paymentId, "2026-02-10")).toMatchObject({
      totalCents: 55_000,
      content: {
        items: [
          { kind: "rent", amountCents: 155_000 },
          { kind: "paid", amountCents: -100_000, paidOn: "2026-02-09" },
        ],
      },
    })
  })

  test("of an agency without a PIX key has no code, and one of an agency with a strange name has one", async () => {
    const without = await letHome({ agency: { pixKey: null } })
    expect((await issue(without.paymentId)).pixCode).toBeNull()
    const strange = await letHome({ agency: { name: "عقارات 😀", legalName: null, city: null } })
    expect((await issue(strange.paymentId)).pixCode).toContain("5909RECEBEDOR6006BRASIL")
  })

  test("is as it was issued, whatever becomes of the people and the contract", async () => {
    const { paymentId, renterId, contractId } = await letHome()
    const issued = await issue(paymentId)
    await pool()`update renters set name = 'Ana Moreira de Souza' where id = ${renterId}`
    await pool()`update rental_contracts set late_fee_percent = 10 where id = ${contractId}`
    await pool()`update rental_payments set rent_cents = 999 where id = ${paymentId}`
    expect(await findInvoice(issued.id)).toEqual(issued)
  })
})

describe("no invoice", () => {
  const refused = async (asked: Promise<unknown>) => {
    const error = await asked.then(
      () => undefined,
      (error) => error,
    )
    expect(error).toBeInstanceOf(InvoiceRefused)
    return [(error as InvoiceRefused).reason, (error as InvoiceRefused).message]
  }

  test.each(["paid", "refunded", "cancelled"])("is issued of a payment that is %s", async (status) => {
    const paid = status === "cancelled" ? {} : { paidCents: 155_000, paidOn: "2026-02-01" }
    const { paymentId } = await letHome({ payment: { status, ...paid } })
    expect(await refused(issue(paymentId))).toEqual([
      "settled",
      `Payment ${paymentId} is ${status}: nothing is owed of it`,
    ])
  })

  test("is issued of a payment that there is not, or for a day that is past or far away", async () => {
    const { paymentId } = await letHome()
    expect(await refused(issue(999))).toEqual(["unknown", "There is no payment 999"])
    for (const payOn of ["2026-02-01", "2026-06-01"])
      expect((await refused(issue(paymentId, "2026-02-02", { payOn })))[0]).toBe("past")
    expect(await numbers()).toEqual([])
  })

  test("is issued twice: another corrects the one before, and says why", async () => {
    const { paymentId } = await letHome()
    const first = await issue(paymentId)
    expect(await refused(issue(paymentId))).toEqual([
      "issued",
      `Payment ${paymentId} has invoice 2026-000001 (id ${first.id}): issue one that corrects it, with the reason`,
    ])
    const corrects = { invoiceId: first.id, reason: "Segunda via com multa e juros" }
    const second = await issue(paymentId, "2026-03-02", { corrects })
    expect(second).toMatchObject({
      ...{
        number: "2026-000002",
        correctsId: first.id,
        correctedById: null,
        dueDate: "2026-03-02",
        lateFeeCents: 3_100,
      },
      content: { corrects: { number: "2026-000001", reason: corrects.reason } },
    })
    expect(await findInvoice(first.id)).toEqual({ ...first, correctedById: second.id })
    expect(await refused(issue(paymentId, "2026-03-02", { corrects }))).toEqual([
      "corrected",
      `Invoice ${first.id} is not the latest of payment ${paymentId}: its latest is 2026-000002 (id ${second.id})`,
    ])
  })

  test("is issued twice when two are asked for at once", async () => {
    const { paymentId } = await letHome()
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => issue(paymentId)))
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(InvoiceRefused)
    expect(await numbers()).toEqual(["2026-000001"])
  })

  test("corrects one of another payment", async () => {
    const [one, other] = [await letHome(), await letHome()]
    const { id } = await issue(one.paymentId)
    const corrects = { invoiceId: id, reason: "Engano" }
    expect((await refused(issue(other.paymentId, "2026-02-02", { corrects })))[0]).toBe("corrected")
  })

  test("is changed or removed", async () => {
    const { paymentId } = await letHome()
    const { id } = await issue(paymentId)
    const change = async () => pool()`update invoices set notes = 'x' where id = ${id}`
    const remove = async () => pool()`delete from invoices where id = ${id}`
    for (const act of [change, remove])
      await expect(act()).rejects.toThrow("invoice 2026-000001 is issued, and stays as it is")
  })

  test("leaves a gap before it", async () => {
    const { paymentIds } = await letHome({ months: 2 })
    const { id } = await issue(paymentIds[0]!)
    const leap = async () => pool()`
      insert into invoices (agency_id, payment_id, year, sequence, issued_at, issued_on, issued_by, due_date, principal_cents,
        late_fee_cents, interest_cents, content)
      select agency_id, ${paymentIds[1]!}, year, 3, issued_at, issued_on, issued_by, due_date, principal_cents, 0, 0, content
      from invoices
      where id = ${id}
    `
    await expect(leap()).rejects.toThrow("invoice 2026-000003 would leave a gap before it")
  })
})

describe("numbers", () => {
  test("begin anew with each year of the agency's own calendar, and are each agency's own", async () => {
    const [one, other] = [
      await letHome({ months: 3, firstMonth: "2025-12" }),
      await letHome({ firstMonth: "2026-01" }),
    ]
    // Still the old year in São Paulo.
    const before = new Date("2026-01-01T02:59:59Z")
    const after = new Date("2026-01-01T03:00:00Z")
    const at = async (paymentId: number, moment: Date) =>
      (await issueInvoice({ paymentId, issuedBy: "admin" }, moment)).number
    expect([
      await at(one.paymentIds[0]!, before),
      await at(one.paymentIds[1]!, after),
      await at(one.paymentIds[2]!, after),
      await at(other.paymentId, after),
    ]).toEqual(["2025-000001", "2026-000001", "2026-000002", "2026-000001"])
  })

  test("are without a gap when 50 are issued at once, some cancelled in the middle and some refused", async () => {
    const { paymentIds } = await letHome({ months: 50, firstMonth: "2026-03" })
    const random = createRandom(50)
    let isOver = false
    const canceller = (async () => {
      while (!isOver) {
        await sidePool()`
          select pg_cancel_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and state = 'active'
            and query ~ 'take_invoice_sequence|insert into invoices'
          order by random()
          limit 1
        `
        await Bun.sleep(random() * 10)
      }
    })()
    const outcomes = await Promise.allSettled(
      [...paymentIds, 7_777, 8_888].map((paymentId) => issue(paymentId, "2026-03-02")),
    )
    isOver = true
    await canceller
    const issued = outcomes.filter(({ status }) => status === "fulfilled").length
    expect(issued).toBeWithin(1, 50)
    expect(await numbers()).toEqual(upTo(issued))
    await Promise.allSettled(paymentIds.map((paymentId) => issue(paymentId, "2026-03-02")))
    expect(await numbers()).toEqual(upTo(50))
  })

  test("are without a gap when processes that issue are killed, beside one that goes on", async () => {
    const { paymentIds } = await letHome({ months: 60, firstMonth: "2026-03" })
    const script = `
      import { issueInvoice } from "./db/invoices.ts"
      const issue = (paymentId) => issueInvoice({ paymentId, issuedBy: "admin" }, new Date("2026-03-02T15:00:00Z"))
      for (;;) await Promise.all(${JSON.stringify(paymentIds)}.map((id) => issue(id).then(() => console.log(id), () => {})))
    `
    const killAfter = async (issued: number) => {
      const child = Bun.spawn([process.execPath, "-e", script], {
        env: process.env,
        stdout: "pipe",
        stderr: "inherit",
      })
      let [said, seen] = [0, 0]
      for await (const chunk of child.stdout) {
        seen = (await numbers()).length
        said += chunk.length
        if (seen >= issued) break
      }
      child.kill("SIGKILL")
      await child.exited
      expect(said).toBeGreaterThan(0)
      const stored = await numbers()
      expect(stored).toEqual(upTo(stored.length))
    }
    for (const issued of [1, 12, 25]) await killAfter(issued)
    await Promise.allSettled([...paymentIds.map((paymentId) => issue(paymentId, "2026-03-02"))])
    expect(await numbers()).toEqual(upTo(60))
  })
})
