import { afterEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import type { JobNamed, JobPayload } from "../../lib/jobs/index.ts"
import type { Message } from "../../sandbox/resend/store.ts"
import { world } from "../../sandbox/testing.ts"
import { perform, testRun } from "../testing.ts"

afterEach(() => world.resend.forgive())

const someone = () => `ana.${crypto.randomUUID()}@example.com`
const welcome = (...to: string[]): JobPayload<JobNamed<"email">> => ({
  to,
  template: "welcome",
  data: { userName: "Ana" },
  locale: "pt-BR",
})
const sentTo = (to: string) => world.resend.messages.filter((message) => message.to.includes(to))

async function rowOf(recipient: string) {
  const [row] = await pool()`
    select run_id, template, locale, subject, status, provider_id, error, sent_at
    from email_messages
    where recipient = ${recipient}
  `
  return row
}

test("sends the mail its template writes, and keeps a row of it", async () => {
  const to = someone()
  const run = testRun()
  const result = await perform("email", welcome(to), run)

  const [message, ...more] = sentTo(to)
  expect(more).toEqual([])
  expect(message).toMatchObject({
    from: "Araucária <noreply@araucaria.example>",
    subject: "Boas-vindas! Sua conta Araucária está pronta",
    html: expect.stringContaining("https://app.araucaria.example"),
    text: expect.stringContaining("Que bom ter você aqui, Ana!"),
  })
  expect(result).toEqual({ sent: 1, suppressed: 0, messageId: message!.id })
  expect(await rowOf(to)).toMatchObject({
    runId: run.id,
    template: "welcome",
    locale: "pt-BR",
    status: "sent",
    providerId: message!.id,
    error: null,
    sentAt: expect.any(Date),
  })
  expect(run.said).toEqual([`Sending email to ${to}`, `Email sent successfully to: ${to}`])
  expect(run.progressed.at(-1)).toMatchObject({ percentage: 100, stage: "sent" })
})

test("writes in the language asked for, under the subject and from the sender asked for", async () => {
  const to = someone()
  await perform("email", {
    ...welcome(to),
    locale: "en",
    subject: "Hello",
    from: "Rafael <rafael@araucaria.example>",
  })
  expect(sentTo(to)).toMatchObject([
    {
      subject: "Hello",
      from: "Rafael <rafael@araucaria.example>",
      text: expect.stringContaining("Good to have you here"),
    },
  ])
})

test("sends once, however often it runs", async () => {
  const to = someone()
  const run = testRun()
  const first = await perform("email", welcome(to), run)
  const second = await perform("email", welcome(to), { ...run, attempt: 2 })
  expect(second).toEqual(first)
  expect(sentTo(to)).toHaveLength(1)
})

test("sends once when it was cut off between the sending and its row", async () => {
  const to = someone()
  const run = testRun()
  const cut = world.resend.fail({ times: 1, mode: "accept-then-reset" })
  await expect(perform("email", welcome(to), run)).rejects.toThrow("Resend")
  await cut.met
  const result = await perform("email", welcome(to), { ...run, attempt: 2 })
  expect(sentTo(to)).toHaveLength(1)
  expect(result.messageId).toBe(sentTo(to)[0]!.id)
  expect(await rowOf(to)).toMatchObject({ status: "sent", error: null })
})

/** A day goes by, for Resend as for us. */
async function passDay() {
  for (const message of world.resend.messages as Message[])
    message.createdAt = new Date(Date.parse(message.createdAt) - 25 * 3_600_000).toISOString()
  await pool()`update email_messages set in_doubt_since = in_doubt_since - interval '25 hours'`
}

test("sends no mail a day later that Resend may have taken and would not know again", async () => {
  const to = someone()
  const run = testRun()
  world.resend.fail({ times: 1, mode: "accept-then-reset" })
  await expect(perform("email", welcome(to), run)).rejects.toThrow("Resend")
  await passDay()
  for (const attempt of [2, 3]) {
    const error = await perform("email", welcome(to), { ...run, attempt }).catch((error) => error)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toContain("look for it at Resend")
  }
  expect(sentTo(to)).toHaveLength(1)
  expect(await rowOf(to)).toMatchObject({ status: "refused" })
})

test.each([
  { status: 403, name: "invalid_api_key" },
  { status: 429, name: "daily_quota_exceeded" },
  { status: 422, name: "validation_error", message: "Invalid `from` field." },
])("sends a mail a day later that Resend has not taken: %j", async (refusal) => {
  const to = someone()
  const run = testRun()
  world.resend.fail({ times: 1, ...refusal })
  await expect(perform("email", welcome(to), run)).rejects.toThrow("Resend")
  await passDay()
  expect(await perform("email", welcome(to), { ...run, attempt: 2 })).toMatchObject({ sent: 1 })
  expect(sentTo(to)).toHaveLength(1)
})

test("takes a mail for sent that Resend had taken before its template changed", async () => {
  const to = someone()
  const run = testRun()
  await perform("email", welcome(to), run)
  await pool()`update email_messages set status = 'sending', sent_at = null where recipient = ${to}`
  expect(await perform("email", { ...welcome(to), subject: "Other words" }, run)).toEqual({
    sent: 1,
    suppressed: 0,
    messageId: null,
  })
  expect(sentTo(to)).toHaveLength(1)
})

test("does not write to a suppressed address, whatever its letter case", async () => {
  const to = someone()
  await pool()`insert into email_suppressions (email, reason) values (${to}, 'complained')`
  expect(await perform("email", welcome(to.toUpperCase()))).toEqual({
    sent: 0,
    suppressed: 1,
    messageId: null,
  })
  expect(sentTo(to.toUpperCase())).toEqual([])
  expect(await rowOf(to.toUpperCase())).toMatchObject({ status: "suppressed" })
})

describe("when Resend", () => {
  const attempt = async (failure: Parameters<(typeof world)["resend"]["fail"]>[0]) => {
    world.resend.fail(failure)
    const to = someone()
    const error = await perform("email", welcome(to)).catch((error) => error)
    return { error, row: await rowOf(to), sent: sentTo(to) }
  }

  test("asks to wait, the run is postponed for as long as it says", async () => {
    const { error, row } = await attempt({
      times: 1,
      status: 429,
      name: "rate_limit_exceeded",
      headers: { "retry-after": "7" },
    })
    expect(error).toBeInstanceOf(RetryLater)
    expect(error.delay).toBe(7_000)
    expect(row).toMatchObject({ status: "sending" })
  })

  test("has no quota left, the run is postponed for an hour", async () => {
    const { error } = await attempt({ times: 1, status: 429, name: "daily_quota_exceeded" })
    expect(error).toBeInstanceOf(RetryLater)
    expect(error.delay).toBe(3_600_000)
  })

  test.each([
    { status: 403, name: "invalid_api_key" },
    { status: 401, name: "restricted_api_key" },
  ])("refuses the account with %j, no mail fails for it", async (refused) => {
    const { error, row } = await attempt({ times: 1, ...refused })
    expect(error).toBeInstanceOf(RetryLater)
    expect(error.delay).toBe(60_000)
    expect(row).toMatchObject({ status: "sending", error: null })
  })

  test("refuses the mail, the run fails for good and the row says why", async () => {
    const { error, row } = await attempt({
      times: 1,
      status: 422,
      name: "validation_error",
      message: "Invalid `to` field.",
    })
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toBe("Resend: validation_error: Invalid `to` field.")
    expect(row).toMatchObject({
      status: "refused",
      error: "Resend: validation_error: Invalid `to` field.",
      sentAt: null,
    })
  })

  test.each([{ times: 1, status: 500 } as const, { times: 1, mode: "reset" } as const])(
    "fails with %j, the run is tried again",
    async (failure) => {
      const { error, row, sent } = await attempt(failure)
      expect(error).toBeInstanceOf(Error)
      expect(error).not.toBeInstanceOf(PermanentError)
      expect(error).not.toBeInstanceOf(RetryLater)
      expect(row).toMatchObject({ status: "failed" })
      expect(sent).toEqual([])
    },
  )

  test("does not answer, the run ends with its signal", async () => {
    world.resend.fail({ times: 1, mode: "hang" })
    const stop = new AbortController()
    const running = perform("email", welcome(someone()), testRun({ signal: stop.signal }))
    stop.abort(new Error("enough"))
    await expect(running).rejects.toThrow("enough")
  })
})
