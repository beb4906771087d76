import { expect, test } from "bun:test"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Resend } from "resend"
import { startResend } from "./simulator.ts"
import { clientOf, mail, post } from "./testing.ts"

test("sends a mail and answers with its id", async () => {
  await using simulator = startResend()
  const { data, error } = await clientOf(simulator).emails.send(mail)
  expect(error).toBeNull()
  expect(data?.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  expect(simulator.messages).toMatchObject([
    {
      id: data?.id,
      from: mail.from,
      to: [mail.to],
      subject: "Olá",
      html: "<p>Oi</p>",
      text: null,
      presented: 0,
    },
  ])
})

test("keeps everything a mail may carry", async () => {
  await using simulator = startResend()
  const { error } = await clientOf(simulator).emails.send({
    ...mail,
    to: ["ana@example.com", "Bruno Sá <bruno@example.com>"],
    cc: "cc@example.com",
    bcc: ["bcc@example.com"],
    replyTo: "reply@example.com",
    text: "Oi",
    headers: { "X-Run": "7" },
    tags: [{ name: "template", value: "welcome_v-2" }],
    attachments: [{ filename: "a.txt", content: Buffer.from("conteúdo") }],
    scheduledAt: "2030-01-01T00:00:00.000Z",
  })
  expect(error).toBeNull()
  expect(simulator.messages).toMatchObject([
    {
      to: ["ana@example.com", "Bruno Sá <bruno@example.com>"],
      cc: ["cc@example.com"],
      bcc: ["bcc@example.com"],
      reply_to: ["reply@example.com"],
      text: "Oi",
      headers: { "X-Run": "7" },
      tags: [{ name: "template", value: "welcome_v-2" }],
      attachments: [{ filename: "a.txt", content: Buffer.from("conteúdo").toString("base64") }],
      scheduled_at: "2030-01-01T00:00:00.000Z",
    },
  ])
})

test("retrieves a mail by its id", async () => {
  await using simulator = startResend({ now: () => Date.parse("2026-04-03T22:13:42.674Z") })
  const client = clientOf(simulator)
  const sent = await client.emails.send(mail)
  const { data } = await client.emails.get(sent.data?.id ?? "")
  expect(data).toMatchObject({
    object: "email",
    to: [mail.to],
    created_at: "2026-04-03 22:13:42.674+00",
    last_event: "delivered",
    html: mail.html,
    text: null,
    cc: [],
    tags: [],
  })
})

test("does not retrieve what is no id or nobody's", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  const malformed = await emails.get("0")
  expect(malformed.error).toEqual({
    statusCode: 422,
    name: "invalid_parameter",
    message: "The `id` must be a valid UUID.",
  })
  const unknown = await emails.get(crypto.randomUUID())
  expect(unknown.error).toEqual({ statusCode: 404, name: "not_found", message: "Email not found" })
})

test("lists mails newest first, in pages", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  for (const subject of ["1", "2", "3", "4", "5"]) await emails.send({ ...mail, subject })
  const [one, two, three, four] = simulator.messages.map(({ id }) => id)
  const page = async (options: Parameters<typeof emails.list>[0]) => {
    const { data } = await emails.list(options)
    return [data?.data.map(({ subject }) => subject).join(), data?.has_more]
  }
  expect(await page({})).toEqual(["5,4,3,2,1", false])
  expect(await page({ limit: 2 })).toEqual(["5,4", true])
  expect(await page({ limit: 2, after: four! })).toEqual(["3,2", true])
  expect(await page({ limit: 2, after: two! })).toEqual(["1", false])
  expect(await page({ limit: 2, after: one! })).toEqual(["", false])
  expect(await page({ limit: 1, before: three! })).toEqual(["4", true])
  expect(await page({ limit: 2, before: three! })).toEqual(["5,4", false])
})

test.each(["limit=0", "limit=101", "limit=x", "after=a&before=b", "after=nobody"])(
  "does not list the page %s",
  async (query) => {
    await using simulator = startResend()
    const headers = { authorization: `Bearer ${simulator.key}` }
    const answer = await fetch(`${simulator.url}/emails?${query}`, { headers })
    expect(await answer.json()).toMatchObject({ statusCode: 422, name: "validation_error" })
  },
)

test("knows no other route or method", async () => {
  await using simulator = startResend()
  const route = await fetch(`${simulator.url}/domains`)
  expect([route.status, await route.json()]).toMatchObject([404, { name: "not_found" }])
  const method = await fetch(`${simulator.url}/emails`, { method: "PUT" })
  expect([method.status, await method.json()]).toMatchObject([405, { name: "method_not_allowed" }])
})

test.each(["", "re_right", "Basic re_right", "Bearer "])(
  "misses the API key in the authorization %p",
  async (authorization) => {
    await using simulator = startResend({ key: "re_right" })
    const answer = await post(simulator, mail, { authorization })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ statusCode: 401, name: "missing_api_key" })
  },
)

test("refuses another API key", async () => {
  await using simulator = startResend({ key: "re_right" })
  const { error } = await new Resend("re_wrong", { baseUrl: simulator.url }).emails.send(mail)
  expect(error).toEqual({ statusCode: 403, name: "invalid_api_key", message: "API key is invalid." })
  expect(simulator.messages).toBeEmpty()
})

test("limits the requests of a second, and says so in every answer", async () => {
  let now = 5_000
  await using simulator = startResend({ requestsPerSecond: 2, now: () => now })
  const { emails } = clientOf(simulator)
  const first = await emails.send(mail)
  expect(first.headers).toMatchObject({
    "ratelimit-limit": "2",
    "ratelimit-remaining": "1",
    "ratelimit-reset": "1",
    "ratelimit-policy": "2;w=1",
  })
  expect(first.headers).not.toHaveProperty("retry-after")
  expect((await emails.list()).headers).toMatchObject({ "ratelimit-remaining": "0" })
  const over = await emails.send(mail)
  expect(over.error).toMatchObject({ statusCode: 429, name: "rate_limit_exceeded" })
  expect(over.headers).toMatchObject({ "retry-after": "1", "ratelimit-remaining": "0" })
  expect(simulator.messages).toHaveLength(1)
  now += 1_000
  expect((await emails.send(mail)).error).toBeNull()
})

test("does not start on a port that is taken", async () => {
  await using simulator = startResend()
  expect(() => startResend({ port: Number(new URL(simulator.url).port) })).toThrow("in use")
})

test("keeps its mails and idempotency keys over a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "resend-"))
  const send = async () => {
    await using simulator = startResend({ dataDir })
    const { data } = await clientOf(simulator).emails.send(mail, { idempotencyKey: "welcome/1" })
    return { id: data?.id, messages: simulator.messages }
  }
  const before = await send()
  const after = await send()
  expect(after.id).toBe(before.id)
  expect(after.messages).toEqual([{ ...before.messages[0]!, presented: 2 }])
  expect(readdirSync(dataDir)).toEqual([`${before.id}.json`])
  rmSync(dataDir, { recursive: true })
})
