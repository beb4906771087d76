import { beforeEach, describe, expect, test } from "bun:test"
import { savePreferences } from "../../db/notification-preferences.ts"
import { pool } from "../../db/pool.ts"
import { letHome } from "../../db/testing-rentals.ts"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import type { Locale } from "../../lib/locale.ts"
import type { ReminderType } from "../../lib/reminders/stages.ts"
import { testRun } from "../testing.ts"
import { remind } from "./remind.ts"
import { askedFor, nine, reminders, startAfresh } from "./testing.ts"

type Given = NonNullable<Parameters<typeof letHome>[0]>

beforeEach(startAfresh)

/** A renter with an account, who wants to be told as these preferences say. */
async function withAccount(
  wishes: Partial<Parameters<typeof savePreferences>[1]> = {},
  {
    device = false,
    locale = "pt-BR" as Locale,
    ...given
  }: Given & { device?: boolean; locale?: Locale } = {},
) {
  const home = await letHome(given)
  const [{ id: userId }] = await pool()<[{ id: number }]>`
    insert into users (agency_id, name, email, password_hash, role, locale)
    values (${home.agencyId}, 'Ana', 'ana.account@example.com', 'none', 'renter', ${locale})
    returning id
  `
  await pool()`update renters set user_id = ${userId}`
  if (device)
    await pool()`
      insert into push_subscriptions (user_id, channel, endpoint) values (${userId}, 'expo', 'ExponentPushToken[x]')
    `
  await savePreferences(userId, {
    ...{
      mail: true,
      inApp: true,
      push: true,
      categories: {},
      quietHours: null,
      timeZone: null,
      locale: null,
    },
    ...wishes,
  })
  return { ...home, renterUserId: userId }
}

const AT: Record<ReminderType, Date> = {
  upcoming: nine("2026-02-07"),
  overdue: nine("2026-02-15"),
  "final-notice": nine("2026-03-12"),
}

const tell = (contractId: number, type: ReminderType = "overdue", moment = AT[type]) =>
  remind({ contractId, type }, testRun(), moment)

const mails = async () => (await askedFor("email")).map(({ payload }) => payload)
const notifications = async () => (await askedFor("notification")).map(({ payload }) => payload)
const plain = (text: string) => text.replaceAll("\u00a0", " ")

describe("a renter with an account", () => {
  test("is told by mail, in the application and on their devices", async () => {
    const { contractId, renterUserId, paymentId } = await withAccount({}, { device: true })
    expect(await tell(contractId)).toMatchObject({
      channels: ["email", "in-app", "push"],
      isAgencyTold: false,
    })
    expect(await mails()).toMatchObject([{ to: ["ana@example.com"], template: "payment-overdue" }])
    const [told] = await notifications()
    expect({ ...told, message: plain(told.message) }).toMatchObject({
      userId: [renterUserId],
      title: "Seu aluguel está em atraso",
      message: "O aluguel de fevereiro de 2026 está em atraso há 5 dias. Para pagamento hoje: R$ 1.583,58.",
      ...{ type: "warning", category: "payment-reminder", dedupeKey: "payment-reminder/1" },
      data: { contractId, paymentId, amountCents: 158_358, pixCode: expect.stringContaining("1583.58") },
    })
  })

  test.each([
    ["upcoming", "Your rent is due on February 10, 2026", "R$1,550.00 for February 2026."],
    [
      "overdue",
      "Your rent is overdue",
      "The rent for February 2026 is 5 days overdue. If paid today: R$1,583.58.",
    ],
    [
      "final-notice",
      "Final notice: your rent is overdue",
      "The rent for February 2026 is 30 days overdue. If paid today: R$1,596.50.",
    ],
  ] as const)("reads %s in their language", async (type, title, message) => {
    const { contractId, renterUserId } = await withAccount({}, { locale: "en" })
    await tell(contractId, type)
    expect(await mails()).toContainEqual(expect.objectContaining({ to: ["ana@example.com"], locale: "en" }))
    expect(await notifications()).toContainEqual(
      expect.objectContaining({ userId: [renterUserId], title, message }),
    )
    expect((await pool()`select locale from payment_reminders`)[0]!.locale).toBe("en")
  })

  test("is told by those channels alone that they want for reminders", async () => {
    const { contractId } = await withAccount(
      { mail: false, categories: { "payment-reminder": { push: false } } },
      { device: true },
    )
    expect(await tell(contractId)).toMatchObject({ channels: ["in-app"], isAgencyTold: false })
    expect(await mails()).toEqual([])
    expect(await notifications()).toHaveLength(1)
  })

  test("has mail at the account's address, who has given no other", async () => {
    const { contractId } = await withAccount({}, { renter: { email: null } })
    await tell(contractId)
    expect(await mails()).toMatchObject([{ to: ["ana.account@example.com"] }])
  })

  test("is left alone within their quiet hours, and told what is true after them", async () => {
    const { contractId } = await withAccount({ quietHours: { from: "22:00", until: "10:30" } })
    const run = testRun()
    const asked = { contractId, type: "overdue" as const, days: 5 }
    const error = await remind(asked, run, AT.overdue).catch((error) => error)
    expect(error).toBeInstanceOf(RetryLater)
    expect(error.delay).toBe(90 * 60_000)
    expect([...(await mails()), ...(await notifications()), ...(await reminders())]).toEqual([])
    expect(await remind(asked, run, new Date(AT.overdue.getTime() + error.delay))).toMatchObject({
      outcome: "sent",
    })
  })

  test("whose rent is paid has no quiet hours to be waited for", async () => {
    const { contractId, paymentId } = await withAccount({ quietHours: { from: "22:00", until: "10:30" } })
    await pool()`update rental_payments set status = 'cancelled'`
    const result = await remind({ contractId, paymentId, type: "overdue" }, testRun(), AT.overdue)
    expect(result.outcome).toBe("settled")
  })
})

describe("the agency is told in the place of a renter", () => {
  const UNREACHABLE = {
    template: "rent-follow-up",
    to: ["contato@araucaria.example"],
    data: { reason: "unreachable" },
  }

  test.each([
    ["without an address", { email: null }],
    ["with an address that is none", { email: "ana at home" }],
  ])("%s", async (_, renter) => {
    const { contractId, userId } = await letHome({ renter: { phone: "+55 44 99911-2200", ...renter } })
    expect(await tell(contractId, "upcoming")).toMatchObject({
      outcome: "sent",
      channels: [],
      isAgencyTold: true,
    })
    expect(await mails()).toMatchObject([UNREACHABLE])
    expect((await mails())[0].data).toMatchObject({
      ...{
        renterName: "Ana Beatriz Moreira",
        contractNumber: "2025/102",
        daysOverdue: 0,
        amountCents: 155_000,
      },
      renterContact: expect.stringContaining("+55 44 99911-2200"),
    })
    const [told] = await notifications()
    expect(told).toMatchObject({ userId: [userId], title: "O inquilino não pôde ser avisado" })
    expect(plain(told.message)).toBe(
      "Ana Beatriz Moreira, contrato 2025/102: aluguel de fevereiro de 2026, que vence em 10 de fevereiro de 2026, R$ 1.550,00.",
    )
  })

  test("whose address takes no mail", async () => {
    const { contractId } = await letHome({ renter: { email: "ana@example.com" } })
    await pool()`insert into email_suppressions (email, reason) values ('ana@example.com', 'bounced')`
    expect(await tell(contractId)).toMatchObject({ channels: [], isAgencyTold: true })
    expect(await mails()).toMatchObject([UNREACHABLE])
  })

  test("and not of one who has unsubscribed from other mail", async () => {
    const { contractId } = await letHome({ renter: { email: "ana@example.com" } })
    await pool()`insert into email_suppressions (email, reason) values ('ana@example.com', 'unsubscribed')`
    expect(await tell(contractId)).toMatchObject({ channels: ["email"], isAgencyTold: false })
  })

  test("who wants to be told by nothing", async () => {
    const { contractId } = await withAccount({ mail: false, inApp: false }, {})
    expect(await tell(contractId)).toMatchObject({ channels: [], isAgencyTold: true })
    expect(await mails()).toMatchObject([UNREACHABLE])
  })

  test("and when it cannot be told either, the run fails, says so, and can be tried again", async () => {
    const { contractId, agencyId } = await letHome({ renter: { email: null }, agency: { email: null } })
    await pool()`update users set role = 'viewer'`
    const error = await tell(contractId).catch((error) => error)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toStartWith("Nobody can be told of payment 1: neither renter 1 nor agency 1 has")
    expect(await reminders()).toEqual([])
    await pool()`update agencies set email = 'contato@araucaria.example' where id = ${agencyId}`
    expect(await tell(contractId)).toMatchObject({ outcome: "sent" })
  })

  test("but not at an address of its own that takes no mail", async () => {
    const { contractId } = await letHome({ renter: { email: null } })
    await pool()`update users set role = 'viewer'`
    await pool()`insert into email_suppressions (email, reason) values ('contato@araucaria.example', 'bounced')`
    await expect(tell(contractId)).rejects.toThrow("has an e-mail address that takes mail")
    await pool()`update users set role = 'manager'`
    expect(await tell(contractId)).toMatchObject({ channels: [], isAgencyTold: true })
    expect([await mails(), (await askedFor("notification")).length]).toEqual([[], 1])
  })
})

test("a final notice is told to the renter as such, and to the agency", async () => {
  const { contractId, userId, agencyId } = await letHome()
  await pool()`
    insert into users (agency_id, name, email, password_hash, role, locale)
    values (${agencyId}, 'Joe', 'joe@araucaria.example', 'none', 'manager', 'en'),
      (${agencyId}, 'Camila', 'camila@araucaria.example', 'none', 'broker', 'pt-BR')
  `
  const result = await tell(contractId, "final-notice")
  expect(result).toMatchObject({ channels: ["email"], isAgencyTold: true, amountCents: 159_650 })
  expect(await mails()).toMatchObject([
    { template: "payment-overdue", to: ["ana@example.com"], data: { finalNotice: true, daysOverdue: 30 } },
    {
      ...{ template: "rent-follow-up", to: ["contato@araucaria.example"] },
      data: { reason: "final-notice", daysOverdue: 30, amountCents: 159_650, calculatedOn: "2026-03-12" },
    },
  ])
  expect((await notifications()).map(({ userId, title }) => [userId, title]).sort()).toEqual([
    [[userId], "O último aviso foi enviado"],
    [[userId + 1], "The final notice is sent"],
  ])
  expect(await tell(contractId, "final-notice", nine("2026-03-20"))).toMatchObject({ outcome: "sent-before" })
})

test.each([
  "😀".repeat(2_500),
  "محمد الخطيب ".repeat(400),
  " ",
  "Ana\r\nBcc: x@example.com",
  "<script>alert(1)</script>",
])("whatever people and places are called, they are told: %#", async (name) => {
  for (const type of ["upcoming", "overdue", "final-notice"] as const) {
    const { contractId } = await withAccount(
      {},
      {
        renter: { name },
        agency: { name, legalName: name, street: name, phone: name },
        contract: { number: name },
      },
    )
    expect(await tell(contractId, type)).toMatchObject({ outcome: "sent" })
    await startAfresh()
  }
})
