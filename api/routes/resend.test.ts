import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { type EmailEvent, noteEvent } from "../../db/email-events.ts"
import { beginChunk, settleChunk } from "../../db/email-messages.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { signMessage } from "../../lib/callbacks/sign.ts"
import { startResend } from "../../sandbox/resend/simulator.ts"
import { clientOf, mail } from "../../sandbox/resend/testing.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"

const SECRET = `whsec_${Buffer.from("a secret that webhooks are signed with").toString("base64")}`

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
})
afterAll(() => goBack())

/** A mail that the provider has taken, unless it is still to be noted. */
async function sent({ isNoted = true } = {}) {
  const recipient = `${crypto.randomUUID()}@example.com`
  const [runId, providerId] = [crypto.randomUUID(), crypto.randomUUID()]
  const letters = [{ recipient, locale: "en", subject: "Hello" }]
  await beginChunk({ runId, chunk: 0, template: "welcome", letters })
  const note = () => pool().begin((tx) => settleChunk(runId, [{ recipient, providerId, error: null }], tx))
  if (isNoted) await note()
  return { recipient, providerId, note }
}

async function rowOf(recipient: string) {
  const [row] = await pool()`
    select status, delayed_at, delivered_at, opened_at, clicked_at, bounced_at, bounce, complained_at, failed_at, suppressed_at
    from email_messages where recipient = ${recipient}
  `
  return row
}

async function suppressionOf(email: string) {
  const [row] = await pool()<
    { reason: string }[]
  >`select reason from email_suppressions where email = ${email}`
  return row?.reason
}

const AT = "2026-02-10T12:00:00.000Z"

const bodyOf = (type: string, providerId: string, told: object = {}, at = AT) =>
  JSON.stringify({ type, created_at: at, data: { email_id: providerId, to: ["x@example.com"], ...told } })

const hard = { bounce: { type: "Permanent", subType: "General", message: "No such address" } }
const soft = { bounce: { type: "Transient", subType: "MailboxFull", message: "Full" } }

function signed(body: string, { id = `msg_${crypto.randomUUID()}`, late = 0, secret = SECRET } = {}) {
  const at = Math.floor(Date.now() / 1_000) - late
  return {
    "content-type": "application/json",
    "svix-id": id,
    "svix-timestamp": String(at),
    "svix-signature": signMessage(secret, { id, at, body }),
  }
}

describe.each(Object.keys(runtimes) as Runtime[])("the webhook of Resend on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (
      await startService(runtimes[runtime], { RESEND_WEBHOOK_SECRET: SECRET, LOG_LEVEL: "error" })
    ).up()
  })
  afterAll(() => api.stop())

  const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) => {
    const response = await fetch(`${api.url}/webhooks/resend`, { method: "POST", headers, body })
    return { status: response.status, said: await response.json() }
  }
  const tell = (body: string, over: Parameters<typeof signed>[1] = {}) => post(body, signed(body, over))

  test("notes what became of a mail, and answers alike what it knows and what is none of ours", async () => {
    const { recipient, providerId } = await sent()
    const id = `msg_${crypto.randomUUID()}`
    const taken = { status: 200, said: { received: true } }
    expect(await tell(bodyOf("email.delivered", providerId), { id })).toEqual(taken)
    expect(await tell(bodyOf("email.complained", providerId), { id })).toEqual(taken)
    expect(await rowOf(recipient)).toMatchObject({
      status: "sent",
      deliveredAt: new Date(AT),
      complainedAt: null,
    })
    for (const body of [
      bodyOf("email.delivered", crypto.randomUUID()),
      bodyOf("contact.created", providerId),
      JSON.stringify({ type: "domain.updated" }),
    ])
      expect(await tell(body)).toEqual(taken)
  })

  test("takes nothing that is not signed with the secret, now, over these very bytes", async () => {
    const { recipient, providerId } = await sent()
    const body = bodyOf("email.delivered", providerId)
    const { "svix-signature": signature, ...unsigned } = signed(body)
    const other = `whsec_${Buffer.from("a secret that nobody has given it").toString("base64")}`
    for (const headers of [
      {},
      unsigned,
      { ...unsigned, "svix-signature": "v1,nonsense" },
      signed(body, { secret: other }),
      signed(body, { late: 301 }),
      signed(body, { late: -330 }),
      signed(`${body} `),
    ])
      expect((await post(body, headers as never)).status).toBe(401)
    expect(await rowOf(recipient)).toMatchObject({ deliveredAt: null })
    expect(
      (await post(body, { ...unsigned, "svix-signature": `v1,${"A".repeat(43)}= ${signature}` })).status,
    ).toBe(200)
  })

  test("refuses with 4xx what is signed and no event, and what is too large", async () => {
    const { providerId } = await sent()
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      '"x"',
      "{}",
      bodyOf("email.delivered", ""),
      bodyOf("email.delivered", "a\0b"),
      bodyOf("email.delivered", providerId, {}, "yesterday"),
      bodyOf("email.delivered", providerId, {}, "+275760-09-13T00:00:00.000Z"),
      bodyOf("email.delivered", providerId, {}, "0001-01-01T00:00:00.000Z"),
      bodyOf("email.bounced", providerId),
      bodyOf("email.bounced", providerId, { bounce: "hard" }),
    ])
      expect([body, (await tell(body)).status]).toEqual([body, 400])
    expect((await tell(bodyOf("email.opened", providerId), { id: "x".repeat(300) })).status).toBe(400)
    const large = bodyOf("email.delivered", providerId, { padding: "x".repeat(300_000) })
    expect((await tell(large)).status).toBe(413)
    const bytes = new Uint8Array([0x7b, 0xff, 0x7d])
    expect((await post(bytes, signed("{}"))).status).toBe(401)
  })

  test("suppresses who bounced for good or complained, and nobody else", async () => {
    const events = [
      ["email.bounced", hard, "bounced"],
      ["email.bounced", soft, undefined],
      ["email.complained", {}, "complained"],
      ["email.delivery_delayed", {}, undefined],
      ["email.failed", { failed: { reason: "reached_daily_quota" } }, undefined],
      ["email.opened", {}, undefined],
    ] as const
    for (const [type, told, reason] of events) {
      const { recipient, providerId } = await sent()
      expect((await tell(bodyOf(type, providerId, told))).status).toBe(200)
      expect([type, await suppressionOf(recipient)]).toEqual([type, reason])
    }
  })
})

test("without a secret nothing is taken", async () => {
  const api = await (await startService(runtimes.bun, { RESEND_WEBHOOK_SECRET: undefined })).up()
  const body = bodyOf("email.delivered", "x")
  const response = await fetch(`${api.url}/webhooks/resend`, { method: "POST", body, headers: signed(body) })
  expect(response.status).toBe(404)
  await api.stop()
})

const kinds = fc.constantFrom<Pick<EmailEvent, "type" | "bounce">>(
  ...["sent", "delivered", "delivery_delayed", "opened", "clicked", "complained", "failed", "suppressed"].map(
    (name) => ({ type: `email.${name}`, bounce: null }),
  ),
  { type: "email.bounced", bounce: "hard" },
  { type: "email.bounced", bounce: "soft" },
)

test("in whatever order events come, how often, and whether before the mail is noted, it comes to the same", async () => {
  const events = fc.array(fc.record({ kind: kinds, minute: fc.nat({ max: 59 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(
      events,
      fc.infiniteStream(fc.nat({ max: 1_000 })),
      fc.nat({ max: 8 }),
      async (drawn, order, when) => {
        const play = async (shuffled: boolean) => {
          const { recipient, providerId, note } = await sent({ isNoted: !shuffled })
          const told = drawn.map(
            ({ kind, minute }): EmailEvent => ({
              ...kind,
              id: crypto.randomUUID(),
              providerId,
              told: null,
              happenedAt: new Date(Date.UTC(2026, 1, 10, 12, minute)),
            }),
          )
          const keys = order.take(told.length)
          const sorted = shuffled
            ? told
                .map((event) => [keys.next().value ?? 0, event] as const)
                .sort(([a], [b]) => a - b)
                .map(([, event]) => event)
            : told
          for (const [index, event] of sorted.entries()) {
            if (shuffled && index === when) await note()
            await noteEvent(event)
            if (shuffled) expect(await noteEvent(event)).toBe(false)
          }
          if (shuffled && when >= sorted.length) await note()
          return { row: await rowOf(recipient), suppression: await suppressionOf(recipient) }
        }
        expect(await play(true)).toEqual(await play(false))
      },
    ),
    { numRuns: 60 },
  )
})

test("an event and the note of its mail at the same moment do not miss each other", async () => {
  for (let round = 0; round < 30; round++) {
    const { recipient, providerId, note } = await sent({ isNoted: false })
    const event = { id: crypto.randomUUID(), type: "email.delivered", providerId, bounce: null, told: null }
    await Promise.all([note(), noteEvent({ ...event, happenedAt: new Date(AT) })])
    expect(await rowOf(recipient)).toMatchObject({ status: "sent", deliveredAt: new Date(AT) })
  }
})

test("a suppression that was lifted is not brought back by what is told once more", async () => {
  const { recipient, providerId } = await sent()
  const event = { id: crypto.randomUUID(), type: "email.complained", providerId, bounce: null, told: null }
  await noteEvent({ ...event, happenedAt: new Date(AT) })
  expect(await suppressionOf(recipient)).toBe("complained")
  await pool()`delete from email_suppressions where email = ${recipient}`
  await noteEvent({ ...event, happenedAt: new Date(AT) })
  await noteEvent({ ...event, id: crypto.randomUUID(), type: "email.opened", happenedAt: new Date(AT) })
  expect(await suppressionOf(recipient)).toBeUndefined()
})

test("the simulator tells as Resend does: signed, in disorder, twice, and again after an outage", async () => {
  const api = await startService(runtimes.bun, { RESEND_WEBHOOK_SECRET: SECRET })
  const webhook = {
    url: `${api.url}/webhooks/resend`,
    secret: SECRET,
    waits: Array(400).fill(50),
    times: 2,
    disorder: true,
  }
  const resend = startResend({ webhook })
  const to = ["ana@example.com", "bounced+1@resend.dev", "complained+1@resend.dev"]
  const { data } = await clientOf(resend).batch.send(to.map((address) => ({ ...mail, to: address })))
  const ids = data!.data.map(({ id }) => id)
  const letters = to.map((recipient) => ({ recipient, locale: "en", subject: "Hello" }))
  const runId = crypto.randomUUID()
  await beginChunk({ runId, chunk: 0, template: "welcome", letters })
  const outcomes = to.map((recipient, index) => ({ recipient, providerId: ids[index]!, error: null }))
  await pool().begin((tx) => settleChunk(runId, outcomes, tx))
  await api.up()
  expect(await until(() => resend.webhooks.isDone(), 20_000)).toBe(true)
  await Promise.all([api.stop(), resend.stop()])

  expect(resend.webhooks.answers.filter(({ status }) => status === 200)).toHaveLength(14)
  const rows = await pool()`
    select delivered_at is not null as delivered, bounce, complained_at is not null as complained
    from email_messages where run_id = ${runId} order by id
  `
  expect([...rows]).toEqual([
    { delivered: true, bounce: null, complained: false },
    { delivered: false, bounce: "hard", complained: false },
    { delivered: true, bounce: null, complained: true },
  ])
  expect(await Promise.all(to.map(suppressionOf))).toEqual([undefined, "bounced", "complained"])
})
