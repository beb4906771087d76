import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { letHome } from "../../db/testing-rentals.ts"
import { PermanentError } from "../../lib/errors.ts"
import { email } from "../../lib/jobs/email.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import type { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { pixAmount } from "../../lib/pix.ts"
import { queueOf } from "../../lib/queues.ts"
import { world } from "../../sandbox/testing.ts"
import { relayBatch } from "../outbox/relay.ts"
import { testRun, tick } from "../testing.ts"
import { remind } from "./remind.ts"
import { askedFor, nine, reminders, startAfresh } from "./testing.ts"

type Asked = Exclude<JobPayload<typeof paymentReminder>, { type: "sweep" }>

let home: Awaited<ReturnType<typeof letHome>>

/** A renter with a verified address of their own in the simulator's inbox. */
async function begin(given: Parameters<typeof letHome>[0] = {}) {
  await startAfresh()
  const renter = { email: `ana.${crypto.randomUUID()}@example.com`, ...given.renter }
  home = await letHome({ ...given, renter })
  return { ...home, renter }
}

beforeEach(() => begin())
afterEach(() => queueOf(email).obliterate({ force: true }))

const overdue = (days?: number): Asked => ({
  contractId: home.contractId,
  type: "overdue",
  ...(days !== undefined && { days }),
})

/** Due on Tuesday, 10 February 2026. */
const FIFTH = nine("2026-02-15")

const mails = async () => (await askedFor("email")).map(({ payload }) => payload)

/** Send what was asked for, and read what came. */
async function delivered(to: string) {
  while ((await relayBatch()) > 0);
  await tick()
  return world.resend.messages.filter((message) => message.to.includes(to))
}

/** As mails set money: it does not part from its sign. */
const plain = (text: string | null) => (text ?? "").replaceAll("\u00a0", " ")

test("five days late, R$ 1.550,00 at 2 % and 1 % a month come to R$ 1.583,58, and the PIX code asks for that", async () => {
  const { renter } = await begin()
  const result = await remind(overdue(5), testRun(), FIFTH)
  expect(result).toMatchObject({
    outcome: "sent",
    amountCents: 158_358,
    channels: ["email"],
    isAgencyTold: false,
  })

  const [mail, ...more] = await delivered(renter.email)
  expect(more).toEqual([])
  expect(mail!.subject).toBe("Aluguel de fevereiro de 2026 em atraso há 5 dias")
  const text = plain(mail!.text).replace(/ {3,}/g, " | ")
  expect(text).toContain(
    "Valor atualizado\nR$ 1.583,58\nPara pagamento em 15 de fevereiro de 2026, com 5 dias de atraso",
  )
  expect(text).toContain(
    "Aluguel de fevereiro de 2026 | R$ 1.550,00\nMulta de 2% | R$ 31,00\nJuros de 1% ao mês | R$ 2,58\nTotal | R$ 1.583,58\n",
  )
  const code = text.split("\n").find((line) => line.startsWith("000201"))!
  expect(pixAmount(code)).toBe(158_358)
  expect(code).toContain("br.gov.bcb.pix0128financeiro@araucaria.example")
})

describe("asks for", () => {
  test("the principal alone before the due date, by the day until which it can be paid", async () => {
    // Carnival: the 14th is a Saturday, and banks open again on Wednesday.
    await begin({ contract: { dueDay: 14 } })
    const result = await remind(
      { contractId: home.contractId, type: "upcoming", days: 3 },
      testRun(),
      nine("2026-02-15"),
    )
    expect(result).toMatchObject({ outcome: "sent", amountCents: 155_000 })
    expect(await mails()).toMatchObject([
      {
        template: "payment-reminder",
        data: { dueDate: "2026-02-18", amountCents: 155_000, referenceMonth: "2026-02" },
      },
    ])
  })

  test("what is left of a payment that was paid in part, with fee and interest of that alone", async () => {
    await begin({
      payment: { status: "partially_paid", paidCents: 55_000, paidOn: "2026-02-09", method: "pix" },
    })
    // 2 % of R$ 1.000,00, and 1 % a month for five days of it.
    expect(await remind(overdue(5), testRun(), FIFTH)).toMatchObject({ amountCents: 102_167 })
    const [mail] = await mails()
    expect(mail.data).toMatchObject({
      amountCents: 100_000,
      paidCents: 55_000,
      lateFeeCents: 2_000,
      interestCents: 167,
    })
    expect(pixAmount(mail.data.pixCode)).toBe(102_167)
  })

  test("the condominium's part at its own rate, and says both", async () => {
    await begin({ contract: { lateFeePercent: 10 }, payment: { condoCents: 30_000 } })
    await remind(overdue(1), testRun(), nine("2026-02-11"))
    expect((await mails())[0].data).toMatchObject({
      ...{ amountCents: 185_000, lateFeeCents: 16_100, lateFeePercent: 10, condoLateFeePercent: 2 },
    })
  })

  test("nothing more within the days of grace, and all of it since the due date after them", async () => {
    await begin({ contract: { graceDays: 5 } })
    expect(await remind(overdue(1), testRun(), FIFTH)).toMatchObject({ amountCents: 155_000 })
    expect(await remind(overdue(6), testRun(), nine("2026-02-16"))).toMatchObject({ amountCents: 158_410 })
  })

  test("the sum of the day on which it is sent, though it was asked for on another", async () => {
    expect(await remind(overdue(5), testRun(), nine("2026-02-17"))).toMatchObject({ amountCents: 158_462 })
    expect((await mails())[0].data).toMatchObject({ daysOverdue: 7, calculatedOn: "2026-02-17" })
  })
})

test("an agency without a key of PIX has no code sent, and it is said whom to ask", async () => {
  const { renter } = await begin({ agency: { pixKey: null } })
  await remind(overdue(5), testRun(), FIFTH)
  const [mail] = await delivered(renter.email)
  expect(mail!.text).toContain(
    "Esta mensagem não tem código PIX. Combine o pagamento com Araucária Administradora de Imóveis Ltda:",
  )
  expect(mail!.text).toContain("+55 44 3025-1200 · contato@araucaria.example")
  expect(mail!.text).not.toContain("000201")
})

describe("a stage of a payment is sent once", () => {
  test("by the same run, which says the same again", async () => {
    const run = testRun()
    const first = await remind(overdue(5), run, FIFTH)
    // Tried again after midnight, it is still what it was.
    expect(await remind(overdue(5), run, nine("2026-02-16"))).toEqual(first)
    expect(await remind(overdue(), run, nine("2026-02-17"))).toEqual(first)
    expect(await mails()).toHaveLength(1)
  })

  test("by another run, on that day and on others", async () => {
    await remind(overdue(5), testRun(), FIFTH)
    for (const day of ["2026-02-15", "2026-02-16", "2026-03-20"])
      expect(await remind(overdue(5), testRun(), nine(day))).toMatchObject({
        outcome: "sent-before",
        reminderId: null,
      })
    expect(await remind(overdue(4), testRun(), nine("2026-02-16"))).toMatchObject({ outcome: "overtaken" })
    expect(await remind(overdue(), testRun(), nine("2026-02-16"))).toMatchObject({ outcome: "sent" })
    expect(await remind(overdue(), testRun(), nine("2026-02-16"))).toMatchObject({ outcome: "sent-before" })
    expect((await reminders()).map(({ stage }) => stage)).toEqual(["overdue-5", "overdue-6"])
    expect(await mails()).toHaveLength(2)
  })

  test("and nothing after the final notice, however early that was given", async () => {
    const final = { contractId: home.contractId, type: "final-notice" as const }
    expect(await remind(final, testRun(), nine("2026-02-13"))).toMatchObject({
      outcome: "sent",
      isAgencyTold: true,
    })
    for (const asked of [overdue(2), overdue(5), overdue()])
      expect(await remind(asked, testRun(), FIFTH)).toMatchObject({ outcome: "overtaken" })
    expect(await remind({ ...final, days: 5 }, testRun(), FIFTH)).toMatchObject({ outcome: "sent-before" })
  })

  test("by whichever of twenty that are at it at a time, of the same run or not", async () => {
    const same = testRun()
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => remind(overdue(5), index % 2 ? same : testRun(), FIFTH)),
    )
    const ids = results.flatMap(({ reminderId }) => reminderId ?? [])
    expect(new Set(ids).size).toBe(1)
    expect(results.filter(({ outcome }) => outcome === "sent-before").length).toBe(20 - ids.length)
    expect(await mails()).toHaveLength(1)
    expect(await reminders()).toHaveLength(1)
  })

  test("not at all when what should tell of it cannot be asked for", async () => {
    await pool()`alter table outbox add constraint closed check (queue <> 'email') not valid`
    try {
      await expect(remind(overdue(5), testRun(), FIFTH)).rejects.toThrow("closed")
    } finally {
      await pool()`alter table outbox drop constraint closed`
    }
    expect(await reminders()).toEqual([])
    expect(await remind(overdue(5), testRun(), FIFTH)).toMatchObject({ outcome: "sent" })
  })
})

describe("nothing is told", () => {
  const outcome = async (asked: Asked = overdue(5)) => {
    const result = await remind({ paymentId: home.paymentId, ...asked }, testRun(), FIFTH)
    expect(await askedFor("email")).toEqual([])
    expect(await reminders()).toEqual([])
    return result.outcome
  }

  test("of what was paid between the sweep and the run", async () => {
    await pool()`update rental_payments set status = 'paid', paid_cents = 155000, paid_on = '2026-02-10', method = 'pix'`
    expect(await outcome()).toBe("settled")
  })

  test("of what is being paid while the run looks", async () => {
    const paying = await pool().reserve()
    await paying`begin`
    await paying`update rental_payments set status = 'paid', paid_cents = 155000, paid_on = '2026-02-10', method = 'pix'`
    const pending = outcome()
    while (
      (
        await pool()`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      ).length === 0
    );
    await paying`commit`
    paying.release()
    expect(await pending).toBe("settled")
  })

  test("of what is called off, or of a contract that is, was never signed, or had ended before", async () => {
    await pool()`update rental_payments set status = 'cancelled'`
    expect(await outcome()).toBe("settled")
    await begin({ contract: { status: "cancelled" } })
    expect(await outcome()).toBe("contract-ended")
    await begin({ contract: { status: "draft" } })
    expect(await outcome()).toBe("contract-ended")
    await begin({ contract: { status: "expired", endedOn: "2026-01-31" } })
    expect(await outcome()).toBe("contract-ended")
  })

  test("of what is not at that stage", async () => {
    expect(await outcome(overdue(6))).toBe("not-due")
    expect(await outcome({ contractId: home.contractId, type: "final-notice", days: 30 })).toBe("not-due")
    expect(await outcome({ contractId: home.contractId, type: "upcoming" })).toBe("not-due")
    expect(await outcome({ contractId: home.contractId, type: "upcoming", days: 3 })).toBe("not-due")
    await begin({ firstMonth: "2026-03" })
    expect(await outcome(overdue())).toBe("not-due")
    expect(await outcome({ contractId: home.contractId, type: "upcoming", days: 3 })).toBe("not-due")
  })
})

describe("a contract of which nobody says which payment is told of", () => {
  const payments = async (asked: Partial<Asked>) => {
    const { paymentId } = await remind({ ...overdue(), ...asked }, testRun(), FIFTH)
    return home.paymentIds.indexOf(paymentId!)
  }
  beforeEach(() => begin({ firstMonth: "2025-12", months: 5 }))

  test("the next that is due", async () => {
    expect(await payments({ type: "upcoming" })).toBe(3)
  })
  test("the latest that is so many days overdue", async () => {
    expect(await payments({ days: 5 })).toBe(2)
    expect(await payments({ days: 6 })).toBe(1)
    expect(await payments({ type: "final-notice", days: 30 })).toBe(1)
  })
  test("else the oldest", async () => {
    expect(await payments({})).toBe(0)
    expect(await payments({ type: "final-notice" })).toBe(0)
  })
  test("and none when there is none", async () => {
    await begin({ firstMonth: "2026-03" })
    expect(await remind(overdue(5), testRun(), FIFTH)).toMatchObject({ outcome: "not-due", paymentId: null })
  })
})

describe("gives up, and says what to do,", () => {
  const complaint = (asked: Partial<Asked>) =>
    remind({ ...overdue(5), ...asked }, testRun(), FIFTH).then(
      () => undefined,
      (error) => [error instanceof PermanentError, error.message],
    )

  test("on a contract and a payment that there is not, or of another", async () => {
    expect(await complaint({ contractId: 12_345 })).toEqual([
      true,
      "There is no contract 12345: ask with the id of one in rental_contracts",
    ])
    expect(await complaint({ paymentId: 12_345 })).toEqual([
      true,
      "There is no payment 12345: ask with the id of one in rental_payments, or without",
    ])
    const other = await letHome()
    expect(await complaint({ paymentId: other.paymentId })).toEqual([
      true,
      `Payment ${other.paymentId} is of contract ${other.contractId}, not of ${home.contractId}`,
    ])
  })
})
