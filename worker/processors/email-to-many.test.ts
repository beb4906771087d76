import { afterEach, expect, test } from "bun:test"
import fc from "fast-check"
import { pool } from "../../db/pool.ts"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import type { JobNamed, JobPayload } from "../../lib/jobs/index.ts"
import type { Failure } from "../../sandbox/resend/failures.ts"
import { world } from "../../sandbox/testing.ts"
import { perform, testRun } from "../testing.ts"

afterEach(() => world.resend.forgive())

const people = (count: number) => {
  const group = crypto.randomUUID()
  return Array.from({ length: count }, (_, index) => `p${index}.${group}@example.com`)
}

const welcome = (to: string[]): JobPayload<JobNamed<"email">> => ({
  to,
  template: "welcome",
  data: { userName: "Ana" },
  locale: "pt-BR",
})

const suppress = (emails: string[]) =>
  pool()`
    insert into email_suppressions (email, reason)
    select email, 'manual' from unnest(${emails}::text[]) as email
    on conflict do nothing
  `

const rowsOf = (runId: string) =>
  pool()<
    { recipient: string; status: string; providerId: string | null; chunk: number; error: string | null }[]
  >`
    select recipient, status, provider_id, chunk, error
    from email_messages
    where run_id = ${runId}
    order by id
  `

const mailsOf = (runId: string) =>
  world.resend.messages.filter(({ idempotencyKey }) => idempotencyKey?.startsWith(`email/${runId}`))

test("of many, those that Resend may have had for a day are not sent again, and the others are", async () => {
  const to = people(150)
  const run = testRun()
  world.resend.fail({ times: 1, mode: "accept-then-reset" })
  await expect(perform("email", welcome(to), run)).rejects.toThrow("Resend")
  // As if it were a day later, and the key forgotten.
  await pool()`update email_messages set in_doubt_since = in_doubt_since - interval '25 hours' where run_id = ${run.id}`
  await expect(perform("email", welcome(to), { ...run, attempt: 2 })).rejects.toThrow(
    /^100 of 150 recipients were refused, and the other mails are sent; the first is .*: Resend was handed the mail a day ago/,
  )
  expect(mailsOf(run.id).map((mail) => mail.to[0])).toEqual(to)
})

test("writes to each by a mail of their own, a hundred in a request, each request with its key", async () => {
  const to = people(205)
  const run = testRun()
  expect(await perform("email", welcome(to), run)).toEqual({ sent: 205, suppressed: 0, messageId: null })

  const mails = mailsOf(run.id)
  expect(mails.map((mail) => mail.to)).toEqual(to.map((address) => [address]))
  expect(mails.every(({ cc, bcc }) => cc.length + bcc.length === 0)).toBe(true)
  const inRequests = Map.groupBy(mails, ({ idempotencyKey }) => idempotencyKey)
  expect([...inRequests].map(([key, { length }]) => [key, length])).toEqual([
    [`email/${run.id}/0`, 100],
    [`email/${run.id}/1`, 100],
    [`email/${run.id}/2`, 5],
  ])
  expect(await rowsOf(run.id)).toMatchObject(
    mails.map(({ id, to: [recipient] }) => ({ recipient, status: "sent", providerId: id })),
  )
  expect(run.said).toEqual(["Sending email to 205 recipients", "Email sent successfully to: 205 recipients"])
  expect(run.progressed.map(({ stage, percentage }) => [stage, percentage])).toEqual([
    ["rendering", 0],
    ["sending", 0],
    ["sending", 48],
    ["sending", 97],
    ["sent", 100],
  ])
})

test("sends once, however often it runs", async () => {
  const run = testRun()
  const to = people(101)
  const first = await perform("email", welcome(to), run)
  expect(await perform("email", welcome(to), { ...run, attempt: 2 })).toEqual(first)
  expect(mailsOf(run.id).map(({ presented }) => presented)).toEqual(Array(101).fill(1))
})

test("writes once to an address that is named twice, in whatever letter case", async () => {
  const [one, two] = people(2)
  const run = testRun()
  expect(await perform("email", welcome([one!, two!, one!.toUpperCase(), two!]), run)).toMatchObject({
    sent: 2,
  })
  expect(mailsOf(run.id).map(({ to }) => to)).toEqual([[one!], [two!]])
})

test("leaves suppressed addresses out, and counts them", async () => {
  const to = people(150)
  const run = testRun()
  await suppress([to[3]!, to[120]!])
  expect(await perform("email", welcome(to), run)).toEqual({ sent: 148, suppressed: 2, messageId: null })
  expect(mailsOf(run.id)).toHaveLength(148)
  expect((await rowsOf(run.id)).filter(({ status }) => status === "suppressed")).toMatchObject([
    { recipient: to[3]! },
    { recipient: to[120]! },
  ])
  expect(run.said).toContain("Not sent: 2 of 150 addresses are suppressed")
})

test("asks for nothing where all addresses are suppressed", async () => {
  const to = people(2)
  const run = testRun()
  await suppress(to)
  expect(await perform("email", welcome(to), run)).toEqual({ sent: 0, suppressed: 2, messageId: null })
  expect(mailsOf(run.id)).toEqual([])
})

test("stopped in the middle, it goes on where it was", async () => {
  const to = people(250)
  const stop = new AbortController()
  const run = testRun({ signal: stop.signal })
  // One request is answered, the next is not.
  world.resend.fail({ times: 1, mode: "slow", delay: 0 })
  const { met } = world.resend.fail({ times: 1, mode: "hang" })
  const running = perform("email", welcome(to), run)
  await met
  stop.abort(new Error("the worker is stopping"))
  await expect(running).rejects.toThrow("the worker is stopping")
  expect(mailsOf(run.id)).toHaveLength(100)
  expect(await perform("email", welcome(to), testRun({ id: run.id }))).toMatchObject({ sent: 250 })
  expect(mailsOf(run.id).map(({ to }) => to[0]!)).toEqual(to)
  expect(mailsOf(run.id).every(({ presented }) => presented === 1)).toBe(true)
})

test("a chunk that was asked for comes with the same mails again, whoever is suppressed since", async () => {
  const to = people(150)
  const run = testRun()
  world.resend.fail({ times: 1, mode: "accept-then-reset" })
  await expect(perform("email", welcome(to), run)).rejects.toThrow("Resend")
  await suppress([to[7]!, to[107]!])
  expect(await perform("email", welcome(to), run)).toEqual({ sent: 149, suppressed: 1, messageId: null })
  expect(mailsOf(run.id)).toHaveLength(149)
  expect(
    mailsOf(run.id)
      .slice(0, 100)
      .every(({ presented }) => presented === 2),
  ).toBe(true)
  const rows = await rowsOf(run.id)
  expect(rows.filter(({ status }) => status === "suppressed").map(({ recipient }) => recipient)).toEqual([
    to[107]!,
  ])
  expect(rows.every(({ status, providerId }) => (status === "sent") === (providerId !== null))).toBe(true)
})

test("where some are refused, the others have their mail, and the run fails with who and why", async () => {
  const to = people(120)
  const run = testRun()
  world.resend.fail({ times: 2, mode: "refuse", addresses: [to[4]!, to[110]!] })
  const attempt = () => perform("email", welcome(to), run).catch((error) => error)
  const error = await attempt()
  expect(error).toBeInstanceOf(PermanentError)
  expect(error.message).toStartWith(
    `2 of 120 recipients were refused, and the other mails are sent; the first is ${to[4]}: Resend: Invalid \`to\` field.`,
  )
  expect(mailsOf(run.id)).toHaveLength(118)
  const refused = (await rowsOf(run.id)).filter(({ status }) => status === "refused")
  expect(refused.map(({ recipient }) => recipient)).toEqual([to[4]!, to[110]!])
  expect(refused.every(({ error }) => error?.includes("Invalid `to` field."))).toBe(true)
  // They are not asked for again, and neither are the others.
  expect((await attempt()).message).toBe(error.message)
  expect(mailsOf(run.id).every(({ presented }) => presented === 1)).toBe(true)
})

test("a request that is refused whole fails the run for good, and what was sent stays sent", async () => {
  const to = people(150)
  const run = testRun()
  world.resend.fail({ times: 1, mode: "slow", delay: 0 })
  world.resend.fail({ times: 1, status: 422, name: "validation_error", message: "Invalid `from` field." })
  const error = await perform("email", welcome(to), run).catch((error) => error)
  expect(error).toBeInstanceOf(PermanentError)
  expect(error.message).toBe("Resend: validation_error: Invalid `from` field.")
  const statuses = Object.groupBy(await rowsOf(run.id), ({ status }) => status)
  expect([statuses.sent?.length, statuses.failed?.length]).toEqual([100, 50])
})

test("asked to wait, the run is postponed and begins nothing further", async () => {
  const to = people(250)
  const run = testRun()
  world.resend.fail({ times: 1, mode: "slow", delay: 0 })
  world.resend.fail({ times: 1, status: 429, headers: { "retry-after": "4" } })
  const error = await perform("email", welcome(to), run).catch((error) => error)
  expect(error).toBeInstanceOf(RetryLater)
  expect(error.delay).toBe(4_000)
  expect((await rowsOf(run.id)).map(({ status }) => status)).toEqual([
    ...Array(100).fill("sent"),
    ...Array(100).fill("sending"),
  ])
})

const trouble = fc.constantFrom<Omit<Failure, "times"> | "stop">(
  { mode: "slow", delay: 0 },
  { mode: "reset" },
  { mode: "accept-then-reset" },
  { status: 500 },
  { status: 429 },
  { status: 403 },
  { status: 409, name: "concurrent_idempotent_requests" },
  "stop",
)

test("whatever fails at whatever points, each has one mail and one row in the end, and each key one body", async () => {
  const someOf = fc.array(fc.nat({ max: 259 }), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 260 }),
      fc.array(trouble, { maxLength: 8 }),
      fc.array(someOf, { maxLength: 6 }),
      async (count, troubles, suppressions) => {
        const to = people(count)
        const addresses = (indexes: number[] = []) => indexes.flatMap((index) => to[index] ?? [])
        const { id } = testRun()
        let stop: AbortController | undefined
        for (const it of troubles) {
          if (it !== "stop") world.resend.fail({ times: 1, ...it })
          // Stopped while its request is held; that is then answered to nobody.
          else {
            const { met, release } = world.resend.fail({ times: 1, mode: "slow" })
            void met.then(() => {
              stop?.abort(new Error("stopped"))
              release()
            })
          }
        }
        let result: { sent: number; suppressed: number } | undefined
        for (let attempt = 1; !result && attempt < 30; attempt++) {
          await suppress(addresses(suppressions[attempt - 1]))
          stop = new AbortController()
          result = await perform("email", welcome(to), testRun({ id, attempt, signal: stop.signal })).catch(
            () => undefined,
          )
        }
        world.resend.forgive()

        const rows = await rowsOf(id)
        expect(rows.map(({ recipient }) => recipient).sort()).toEqual(to.toSorted())
        const mailed = rows.filter(({ status }) => status === "sent")
        const suppressed = rows.filter(({ status }) => status === "suppressed")
        expect(result).toMatchObject({ sent: mailed.length, suppressed: suppressed.length })
        expect(mailed.length + suppressed.length).toBe(count)
        const first = new Set(addresses(suppressions[0]))
        expect(mailed.filter(({ recipient }) => first.has(recipient))).toEqual([])
        // An id that is missing would tell of a key that came with another body.
        expect(
          mailsOf(id)
            .map((mail) => [mail.to, mail.id])
            .sort(),
        ).toEqual(mailed.map(({ recipient, providerId }) => [[recipient], providerId!]).sort())
      },
    ),
    { numRuns: 40, endOnFailure: true },
  )
}, 240_000)
