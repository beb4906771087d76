import { afterEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { type Decision, decide, findMailing } from "../../db/mailings.ts"
import { pool } from "../../db/pool.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { relayBatch } from "../outbox/relay.ts"
import { perform, testRun } from "../testing.ts"
import { planMailings } from "./plan.ts"
import { mailedTo, outcomesOf, people, startAll, started, statusOf, useOwnMail } from "./testing.ts"

useOwnMail()
afterEach(async () => {
  world.resend.forgive()
  await pool()`update mailings set status = 'cancelled', ended_at = now() where ended_at is null`
  await pool()`update mailing_chunks set status = 'done', ended_at = now() where status = 'asked'`
  await pool()`truncate outbox`
})

const by = (actor: string, reason?: string) => ({ actor, reason })

/** The chunk of a mailing that was asked for last, as its run does it. */
async function asked(id: number) {
  await planMailings()
  const [chunk] = await pool()<[{ number: number; runId: string }]>`
    select number, run_id from mailing_chunks where mailing_id = ${id} order by number desc limit 1
  `
  const payload = { mailing: id, chunk: chunk.number } as never
  return { ...chunk, send: () => perform("email", payload, testRun({ id: chunk.runId })) }
}

describe("once it is decided", () => {
  test("a paused mailing hands over nothing, and everything once it is resumed", async () => {
    const to = people(30)
    const id = await started(to)
    const { send } = await asked(id)
    expect(await decide(id, "pause", by("ana", "wrong title"))).toMatchObject({
      before: "sending",
      isDone: true,
      mailing: { status: "paused", decidedBy: "ana", reason: "wrong title" },
    })
    expect(await send()).toMatchObject({ sent: 0 })
    expect(mailedTo(to)).toEqual([])
    expect(await outcomesOf(id)).toEqual({ waiting: 30 })
    await planMailings()
    expect(await outcomesOf(id)).toEqual({ waiting: 30 })

    await decide(id, "resume", by("bia"))
    await (await asked(id)).send()
    expect(mailedTo(to).sort()).toEqual(to.toSorted())
    await planMailings()
    expect(await statusOf(id)).toBe("completed")
  })

  test("a cancelled mailing hands over nothing more, and tells who, why, and whom it did not reach", async () => {
    const to = people(150)
    const id = await started(to)
    await (await asked(id)).send()
    const second = await asked(id)
    await decide(id, "cancel", by("ana", "sent by mistake"))
    expect(await second.send()).toMatchObject({ sent: 0 })
    expect(await outcomesOf(id)).toEqual({ sent: 100, cancelled: 50 })
    expect(await findMailing(id)).toMatchObject({
      status: "cancelled",
      decidedBy: "ana",
      reason: "sent by mistake",
    })
    expect(await decide(id, "resume", by("ana"))).toMatchObject({ isDone: false })
    expect(mailedTo(to)).toHaveLength(100)
  })

  test("a chunk that Resend put off is not sent later, and one that it may have is seen to its end", async () => {
    const to = people(150)
    const id = await started(to)
    const put = await asked(id)
    world.resend.fail({ times: 1, status: 429, headers: { "retry-after": "60" } })
    await expect(put.send()).rejects.toThrow("Resend")
    const unsure = await asked(id)
    world.resend.fail({ times: 1, mode: "accept-then-reset" })
    await expect(unsure.send()).rejects.toThrow("Resend")
    await decide(id, "cancel", by("ana"))
    expect(await put.send()).toMatchObject({ sent: 0 })
    expect(await unsure.send()).toMatchObject({ sent: 50 })
    expect(await outcomesOf(id)).toEqual({ sent: 50, cancelled: 100 })
    expect(mailedTo(to)).toHaveLength(50)
  })

  test("what is so already is said to be, and what cannot be is not", async () => {
    const id = await started(people(1))
    for (const [decision, isDone] of [
      ["start", true],
      ["resume", true],
      ["pause", true],
      ["pause", true],
      ["start", true],
      ["cancel", true],
      ["cancel", true],
      ["pause", false],
      ["start", false],
    ] as const)
      expect([decision, (await decide(id, decision, by("ana")))?.isDone]).toEqual([decision, isDone])
    expect(await decide(9_999_999, "pause", by("ana"))).toBeUndefined()
  })
})

test("a chunk that fails for good pauses its mailing, and is sent again under its key once that is resumed", async () => {
  const to = people(20)
  const id = await started(to)
  const first = await asked(id)
  world.resend.fail({ times: 1, mode: "accept-then-reset" })
  await expect(first.send()).rejects.toThrow("Resend")
  // As the ledger tells of it once its tries are used up.
  await pool()`
    insert into runs (id, queue, name, status, priority, payload, error, attempts, asked_at, finished_at)
    values (${first.runId}, 'email', 'mailing', 'failed', 10, '{}', 'Resend: no answer', 12, now(), now())
  `
  await planMailings()
  expect(await findMailing(id)).toMatchObject({
    status: "paused",
    decidedBy: "worker",
    reason: "Chunk 0 has failed, and is sent again once the mailing is resumed: Resend: no answer",
  })
  expect(await outcomesOf(id)).toEqual({ failed: 20 })
  await expect(first.send()).resolves.toMatchObject({ sent: 20 })
  expect(mailedTo(to).sort()).toEqual(to.toSorted())
  await decide(id, "resume", by("ana"))
  await planMailings()
  expect(await statusOf(id)).toBe("completed")
})

test.each(["cancelled", "timed-out"])(
  "a chunk whose run is %s holds no place, and its mailing waits for somebody",
  async (status) => {
    const to = people(20)
    const id = await started(to)
    const { runId } = await asked(id)
    await pool()`
      insert into runs (id, queue, name, status, priority, payload, error, attempts, asked_at, finished_at)
      values (${runId}, 'email', 'mailing', ${status}, 10, '{}', 'ended', 1, now(), now())
    `
    await planMailings()
    expect(await statusOf(id)).toBe("paused")
    expect(await outcomesOf(id)).toEqual({ failed: 20 })
    await decide(id, "resume", by("ana"))
    expect(await (await asked(id)).send()).toMatchObject({ sent: 20 })
    expect(mailedTo(to)).toHaveLength(20)
  },
)

test("a run that Redis has lost is asked for again, and a late one of its name sends nothing", async () => {
  const to = people(20)
  const id = await started(to)
  const lost = await asked(id)
  await pool()`update outbox set relayed_at = now(), data = null`
  await pool()`update mailing_chunks set asked_at = now() - interval '11 minutes' where mailing_id = ${id}`
  const again = await asked(id)
  expect([again.number, again.runId === lost.runId]).toEqual([0, false])
  await expect(lost.send()).rejects.toThrow("is not this run's to send")
  // One that Redis has is left in peace, however long it takes.
  await relayBatch()
  await pool()`update mailing_chunks set asked_at = now() - interval '11 minutes' where mailing_id = ${id}`
  expect((await asked(id)).runId).toBe(again.runId)
  expect(await again.send()).toMatchObject({ sent: 20 })
  expect(await again.send()).toMatchObject({ sent: 20 })
  expect(mailedTo(to)).toHaveLength(20)
})

test("whatever is decided while workers send, nobody gets two mails, and in the end each has one unless it was cancelled", async () => {
  const stop = startAll(2)
  const decision = fc.record({
    what: fc.constantFrom<Decision>("pause", "resume", "pause", "resume", "cancel"),
    after: fc.nat({ max: 200 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(decision, { maxLength: 6 }), async (decisions) => {
      const to = people(250)
      const id = await started(to)
      for (const { what, after } of decisions) {
        await until(async () => mailedTo(to).length >= after || (await statusOf(id)) !== "sending", 20_000)
        await decide(id, what, by("ana"))
      }
      await decide(id, "resume", by("ana"))
      const isOver = async () => {
        const { waiting = 0, sending = 0 } = await outcomesOf(id)
        return waiting + sending === 0 && (await statusOf(id)) !== "sending"
      }
      expect(await until(isOver, 30_000)).toBe(true)
      const mailed = mailedTo(to)
      expect(new Set(mailed).size).toBe(mailed.length)
      const outcomes = await outcomesOf(id)
      expect(outcomes.sent ?? 0).toBe(mailed.length)
      expect((outcomes.sent ?? 0) + (outcomes.cancelled ?? 0)).toBe(250)
      if (!decisions.some(({ what }) => what === "cancel")) expect(mailed).toHaveLength(250)
    }),
    { numRuns: 5 },
  )
  await stop()
}, 240_000)

test("beside a mailing at full pace, a password reset is the next mail that Resend is asked for", async () => {
  const to = people(2_500)
  world.resend.fail({ times: 1_000, mode: "slow", delay: 20 })
  const id = await started(to)
  const stop = startAll(1)
  for (let reset = 0; reset < 3; reset++) {
    const before = (reset + 1) * 400
    expect(await until(() => mailedTo(to).length >= before, 30_000)).toBe(true)
    const address = `${crypto.randomUUID()}@example.com`
    const asked = mailedTo(to).length
    await queueOf(email).add(
      "send-email",
      email.payload.parse({
        to: [address],
        template: "password-reset",
        data: { userName: "Ana", resetUrl: "/reset" },
      }),
      { priority: 1, jobId: crypto.randomUUID() },
    )
    expect(await until(() => mailedTo([address]).length === 1, 30_000)).toBe(true)
    const [at, ...others] = world.resend.messages.flatMap(({ to }, index) =>
      to[0] === address ? [index] : [],
    )
    expect(others).toEqual([])
    const ofMailing = world.resend.messages
      .slice(0, at)
      .filter(({ to: [one] }) => one?.startsWith("p") && to.includes(one))
    // Those that were under way when it was asked for, and what came until it was taken from the queue: not the whole mailing.
    expect(ofMailing.length - asked).toBeLessThanOrEqual(1_000)
  }
  await decide(id, "cancel", by("ana"))
  await stop()
}, 120_000)
