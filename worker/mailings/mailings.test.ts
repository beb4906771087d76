import { afterEach, describe, expect, test } from "bun:test"
import { decide, findMailing } from "../../db/mailings.ts"
import { pool } from "../../db/pool.ts"
import { readSubscription } from "../../lib/emails/subscription.ts"
import { queueEmail } from "../../lib/producers.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { perform, testRun } from "../testing.ts"
import { planMailings } from "./plan.ts"
import { draft, mailedTo, outcomesOf, people, startAll, started, statusOf, useOwnMail } from "./testing.ts"

useOwnMail()
afterEach(() => world.resend.forgive())

const ended = async (id: number) => ["completed", "cancelled"].includes((await statusOf(id))!)

describe("a mailing", () => {
  test("goes to each once, with data and language of their own, a hundred in a request", async () => {
    const to = people(250)
    const recipients = to.map((email, index) => ({
      email,
      locale: index === 3 ? ("en" as const) : null,
      data: { userName: `<b>${index}</b>` },
    }))
    const id = await started([...recipients, { ...recipients[7]!, email: to[7]!.toUpperCase() }])
    const stop = startAll()
    expect(await until(() => ended(id), 20_000)).toBe(true)
    await stop()
    expect(mailedTo(to).sort()).toEqual(to.toSorted())
    expect(await outcomesOf(id)).toEqual({ sent: 250 })
    const mails = new Map(world.resend.messages.map((message) => [message.to[0]!, message]))
    expect(mails.get(to[3]!)?.text).toContain("Hi <b>3</b>!")
    expect(mails.get(to[4]!)?.text).toContain("Olá, <b>4</b>!")
    expect(mails.get(to[4]!)?.html).not.toContain("<b>4</b>")
    const keys = new Set(to.map((address) => mails.get(address)!.idempotencyKey))
    const { token } = (await findMailing(id))!
    expect([...keys].sort()).toEqual([0, 1, 2].map((number) => `mailing/${token}/${number}`))
  })

  test("leaves out who is suppressed or has unsubscribed, and counts them; whom the provider refuses costs the others nothing", async () => {
    const to = people(120)
    const [bounced, out, elsewhere, refused] = to as [string, string, string, string]
    const db = pool()
    await db`insert into email_suppressions (email, reason) values (${bounced}, 'bounced')`
    await db`insert into email_unsubscriptions (email, list, source) values (${out}, 'newsletter', 'page'), (${elsewhere}, 'offers', 'page')`
    world.resend.fail({ times: 2, mode: "refuse", addresses: [refused] })
    const id = await started(to)
    const stop = startAll()
    expect(await until(() => ended(id), 20_000)).toBe(true)
    await stop()
    expect(await outcomesOf(id)).toEqual({ sent: 117, suppressed: 2, refused: 1 })
    expect(mailedTo([bounced, out, refused])).toEqual([])
    expect(mailedTo([elsewhere])).toHaveLength(1)
  })

  test("tells each how to unsubscribe: a link of their own, and headers for one tap", async () => {
    const [to] = people(1) as [string]
    const id = await started([to], { list: "offers" })
    const stop = startAll()
    expect(await until(() => ended(id), 20_000)).toBe(true)
    await stop()
    const mail = world.resend.messages.find((message) => message.to[0] === to)!
    const [, url = ""] = /^<(https:\/\/app\.araucaria\.example\/unsubscribe\/[\w.-]+)>$/.exec(
      mail.headers?.["List-Unsubscribe"] ?? "",
    )!
    expect(mail.headers?.["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click")
    expect(mail.html).toContain(`href="${url}"`)
    expect(mail.text).toContain(url)
    expect(readSubscription(url.split("/").at(-1)!)).toEqual({
      email: to,
      list: "offers",
      agencyId: null,
      locale: "pt-BR",
    })
  })

  test("two workers at once ask for each chunk once", async () => {
    const to = people(700)
    const id = await started(to)
    const stop = startAll(2)
    expect(await until(() => ended(id), 30_000)).toBe(true)
    await stop()
    expect(mailedTo(to).sort()).toEqual(to.toSorted())
    const [{ chunks }] = await pool()<[{ chunks: number }]>`
      select count(*)::int8 as chunks from mailing_chunks where mailing_id = ${id}
    `
    expect(chunks).toBe(7)
  })
})

describe("what asks for chunks", () => {
  test("keeps the pace: the next chunk is due when that many mails have had their minute", async () => {
    const id = await started(people(25), { perMinute: 10 })
    expect(await planMailings()).toBe(15_000)
    const [chunk] = await pool()<[{ count: number; due: number }]>`
      select count(*)::int8 as count, (select extract(epoch from due_at - now())::float8 from mailings where id = ${id}) as due
      from mailing_recipients where mailing_id = ${id} and chunk = 0
    `
    expect(chunk.count).toBe(10)
    expect(chunk.due).toBeWithin(57, 61)
    await planMailings()
    expect(await outcomesOf(id)).toEqual({ waiting: 25 })
    const rows = await pool()`select from mailing_chunks where mailing_id = ${id}`
    expect(rows).toHaveLength(1)
    await decide(id, "cancel", { actor: "test" })
  })

  test("has no more than half of a worker's places taken, by all mailings together", async () => {
    const ids = [await started(people(900)), await started(people(900))]
    for (let round = 0; round < 20; round++) await planMailings()
    const asked = await pool()<{ mailingId: number }[]>`
      select mailing_id from mailing_chunks where status = 'asked' and mailing_id = any(${ids})
    `
    // One is that of the test before.
    expect(asked).toHaveLength(4)
    expect(new Set(asked.map(({ mailingId }) => mailingId)).size).toBe(2)
    for (const id of ids) await decide(id, "cancel", { actor: "test" })
  })
})

test("a run that asks for a chunk which is not its own sends nothing", async () => {
  const to = people(3)
  const id = await started(to)
  await pool()`update mailing_chunks set status = 'done', ended_at = now() where status = 'asked'`
  await planMailings()
  const payload = { mailing: id, chunk: 0 } as never
  await expect(perform("email", payload, testRun())).rejects.toThrow(
    `Chunk 0 of mailing ${id} is not this run's to send`,
  )
  await expect(queueEmail(payload)).rejects.toThrow("Bad payload for email")
  expect(mailedTo(to)).toEqual([])
  await decide(id, "cancel", { actor: "test" })
})

test("a draft is not sent", async () => {
  const id = await draft(people(2))
  await planMailings()
  expect(await outcomesOf(id)).toEqual({ waiting: 2 })
})
