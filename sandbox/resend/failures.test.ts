import { expect, test } from "bun:test"
import { startResend } from "./simulator.ts"
import { clientOf, mail, post } from "./testing.ts"

const unreachable = { name: "application_error", statusCode: null }

test("fails as often as it is told, then sends", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  simulator.fail({ times: 2, status: 503 })
  for (const attempt of [await emails.send(mail), await emails.send(mail)]) {
    expect<object | null>(attempt.error).toEqual({
      statusCode: 503,
      name: "service_unavailable",
      message: "API is temporarily unavailable",
    })
  }
  expect((await emails.send(mail)).error).toBeNull()
  expect(simulator.messages).toHaveLength(1)
})

test("answers the error it is told, completed from the documentation", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  simulator.fail({ times: 1 })
  simulator.fail({ times: 1, name: "daily_quota_exceeded" })
  simulator.fail({ times: 1, status: 502 })
  simulator.fail({ times: 1, status: 429, name: "own", message: "Own.", headers: { "retry-after": "7" } })
  const answers = [
    await emails.send(mail),
    await emails.send(mail),
    await emails.send(mail),
    await emails.send(mail),
  ]
  expect(answers.map(({ error }) => error as object)).toMatchObject([
    { statusCode: 500, name: "application_error" },
    {
      statusCode: 429,
      name: "daily_quota_exceeded",
      message: "You have exceeded your daily email sending quota.",
    },
    { statusCode: 502, name: "application_error" },
    { statusCode: 429, name: "own", message: "Own." },
  ])
  expect(answers[3]?.headers).toMatchObject({ "retry-after": "7" })
})

test("cuts the connection before anything is done", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  await emails.list()
  simulator.fail({ times: 1, mode: "reset" })
  const cut = await emails.send(mail, { idempotencyKey: "welcome/1" })
  expect(cut.error).toMatchObject(unreachable)
  expect(simulator.messages).toBeEmpty()
  expect((await emails.send(mail, { idempotencyKey: "welcome/1" })).error).toBeNull()
  expect(simulator.messages).toMatchObject([{ presented: 1 }])
})

test("cuts the connection after accepting: a retry with the key gets the same mail", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  await emails.list()
  simulator.fail({ times: 1, mode: "accept-then-reset" })
  const cut = await emails.send(mail, { idempotencyKey: "welcome/1" })
  expect(cut.error).toMatchObject(unreachable)
  const retry = await emails.send(mail, { idempotencyKey: "welcome/1" })
  expect(simulator.messages).toMatchObject([{ id: retry.data?.id, presented: 2 }])
})

test("answers a refused mail that it was told to accept", async () => {
  await using simulator = startResend()
  simulator.fail({ times: 1, mode: "accept-then-reset" })
  const { error } = await clientOf(simulator).emails.send({ ...mail, to: "ninguém" })
  expect(error?.name).toBe("validation_error")
})

test("hangs until the client goes away", async () => {
  await using simulator = startResend()
  const { met } = simulator.fail({ times: 1, mode: "hang" })
  const client = new AbortController()
  const answer = fetch(`${simulator.url}/emails`, {
    method: "POST",
    headers: { authorization: `Bearer ${simulator.key}` },
    body: JSON.stringify(mail),
    signal: client.signal,
  })
  await met
  client.abort()
  await expect(answer).rejects.toThrow("aborted")
  expect(simulator.messages).toBeEmpty()
})

test("stops although a request hangs", async () => {
  const simulator = startResend()
  const { met } = simulator.fail({ times: 1, mode: "hang" })
  const answer = clientOf(simulator).emails.send(mail)
  await met
  await simulator.stop()
  expect((await answer).error).toMatchObject(unreachable)
})

test("answers slowly, when it is released or after a delay", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  const { met, release } = simulator.fail({ times: 1, mode: "slow" })
  const released = emails.send(mail)
  await met
  expect(simulator.messages).toBeEmpty()
  release()
  expect((await released).error).toBeNull()
  simulator.fail({ times: 1, mode: "slow", delay: 20 })
  const asked = performance.now()
  expect((await emails.send(mail)).error).toBeNull()
  expect(performance.now() - asked).toBeGreaterThanOrEqual(19)
  expect(simulator.messages).toHaveLength(2)
})

test("is told to fail by other processes too", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  const failures = `${simulator.url}/sandbox/failures`
  const told = await fetch(failures, { method: "POST", body: JSON.stringify({ times: 2, status: 500 }) })
  expect([told.status, await told.json()]).toEqual([201, [{ times: 2, mode: "error", status: 500 }]])
  expect((await emails.send(mail)).error?.statusCode).toBe(500)
  expect(await (await fetch(failures)).json()).toMatchObject([{ times: 1 }])
  expect((await fetch(failures, { method: "DELETE" })).status).toBe(204)
  expect((await emails.send(mail)).error).toBeNull()
})

test("lets held requests go when failures are deleted", async () => {
  await using simulator = startResend()
  const { met } = simulator.fail({ times: 1, mode: "slow" })
  const answer = clientOf(simulator).emails.send(mail)
  await met
  await fetch(`${simulator.url}/sandbox/failures`, { method: "DELETE" })
  expect((await answer).error).toBeNull()
})

test.each(["{", "{}", '{"times":0}', '{"times":1,"mode":"explode"}', '{"times":1,"sttus":500}'])(
  "does not understand the failure %s",
  async (body) => {
    await using simulator = startResend()
    const answer = await fetch(`${simulator.url}/sandbox/failures`, { method: "POST", body })
    expect(await answer.json()).toMatchObject({ name: "validation_error" })
    expect((await post(simulator, mail)).ok).toBeTrue()
  },
)

test("lists the accepted mails for other processes", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  await emails.send(mail, { idempotencyKey: "welcome/1" })
  await emails.send(mail, { idempotencyKey: "welcome/1" })
  await emails.send({ ...mail, subject: "Outro" })
  const messages = await (await fetch(`${simulator.url}/sandbox/messages`)).json()
  expect(messages).toEqual([...simulator.messages])
  expect(messages).toMatchObject([
    { subject: "Olá", idempotencyKey: "welcome/1", presented: 2 },
    { subject: "Outro", idempotencyKey: null, presented: 0 },
  ])
})
