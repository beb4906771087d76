import { expect, test } from "bun:test"
import { startResend } from "./simulator.ts"
import { clientOf, mail, post } from "./testing.ts"

const hour = 3_600_000

test("sends once for the same key and body", async () => {
  await using simulator = startResend()
  const send = () => clientOf(simulator).emails.send(mail, { idempotencyKey: "welcome/1" })
  const first = await send()
  const second = await send()
  expect(first.data?.id).toBeString()
  expect(second.data).toEqual(first.data)
  expect(simulator.messages).toMatchObject([{ idempotencyKey: "welcome/1", presented: 2 }])
})

test("sends again under another key, and always without one", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  await emails.send(mail, { idempotencyKey: "welcome/1" })
  await emails.send(mail, { idempotencyKey: "welcome/2" })
  await emails.send(mail)
  await emails.send(mail)
  expect(simulator.messages.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
    "welcome/1",
    "welcome/2",
    null,
    null,
  ])
})

test("refuses another body under the same key", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  await emails.send(mail, { idempotencyKey: "welcome/1" })
  const { error } = await emails.send({ ...mail, subject: "Outro" }, { idempotencyKey: "welcome/1" })
  expect(error).toMatchObject({ statusCode: 409, name: "invalid_idempotent_request" })
  expect(simulator.messages).toMatchObject([{ subject: "Olá", presented: 2 }])
})

test("refuses a key while its first request is in progress", async () => {
  await using simulator = startResend()
  const send = () => clientOf(simulator).emails.send(mail, { idempotencyKey: "welcome/1" })
  const { met, release } = simulator.fail({ times: 1, mode: "slow" })
  const first = send()
  await met
  expect((await send()).error).toMatchObject({ statusCode: 409, name: "concurrent_idempotent_requests" })
  release()
  expect((await first).data).toEqual((await send()).data!)
  expect(simulator.messages).toMatchObject([{ presented: 3 }])
})

test("forgets a key after 24 hours", async () => {
  let now = 0
  await using simulator = startResend({ now: () => now })
  const send = () => clientOf(simulator).emails.send(mail, { idempotencyKey: "welcome/1" })
  const first = await send()
  now = 24 * hour - 1
  expect((await send()).data).toEqual(first.data!)
  now = 24 * hour
  expect((await send()).data?.id).not.toBe(first.data!.id)
  expect(simulator.messages.map(({ presented }) => presented)).toEqual([2, 1])
})

test("records a key only for a request it accepts", async () => {
  await using simulator = startResend()
  const { emails } = clientOf(simulator)
  const refused = await emails.send({ ...mail, to: "ninguém" }, { idempotencyKey: "welcome/1" })
  expect(refused.error?.name).toBe("validation_error")
  const accepted = await emails.send(mail, { idempotencyKey: "welcome/1" })
  expect(accepted.error).toBeNull()
  expect(simulator.messages).toMatchObject([{ presented: 1 }])
})

test("refuses a key that is empty or longer than 256 characters", async () => {
  await using simulator = startResend()
  for (const key of ["", "x".repeat(257)]) {
    const answer = await post(simulator, mail, { "idempotency-key": key })
    expect(await answer.json()).toMatchObject({ statusCode: 400, name: "invalid_idempotency_key" })
  }
  expect((await post(simulator, mail, { "idempotency-key": "x".repeat(256) })).ok).toBeTrue()
})
