import { expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startResend } from "./simulator.ts"
import { clientOf, mail, post } from "./testing.ts"

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...mail, to: `person${index}@example.com` }))

const idsOf = (answer: { data: { data: { id: string }[] } | null }) => answer.data?.data.map(({ id }) => id)

test("sends up to a hundred mails at once, and answers with their ids in order", async () => {
  await using simulator = startResend()
  const answer = await clientOf(simulator).batch.send(people(100))
  expect(answer.error).toBeNull()
  expect(answer.data).not.toHaveProperty("errors")
  expect(simulator.messages.map(({ id }) => id)).toEqual(idsOf(answer)!)
  expect(simulator.messages.map(({ to }) => to[0])).toEqual(people(100).map(({ to }) => to))
})

test.each([
  [people(101), "A batch must have between 1 and 100 emails."],
  [[], "A batch must have between 1 and 100 emails."],
  [mail, "The request body must be a JSON array of emails."],
  [
    [mail, { ...mail, attachments: [{ filename: "a.txt", content: "eA==" }] }],
    "The `attachments` field is not supported in a batch.",
  ],
])("does not send %#", async (body, message) => {
  await using simulator = startResend()
  const answer = await post(simulator, body, {}, "/emails/batch")
  expect(await answer.json()).toEqual({ statusCode: 422, name: "validation_error", message })
  expect(simulator.messages).toBeEmpty()
})

test("sends none where one is not right", async () => {
  await using simulator = startResend()
  const { error } = await clientOf(simulator).batch.send([mail, { ...mail, subject: "" }])
  expect(error).toEqual({
    statusCode: 422,
    name: "missing_required_field",
    message: "Missing `subject` field.",
  })
  expect(simulator.messages).toBeEmpty()
})

test("asked to be permissive, it sends those that are right and says what is wrong with the others", async () => {
  await using simulator = startResend()
  simulator.fail({ times: 1, mode: "refuse", addresses: ["person1@example.com"] })
  const [first, second, third] = people(3)
  const { data } = await clientOf(simulator).batch.send([first!, second!, { ...mail, to: "x" }, third!], {
    batchValidation: "permissive",
  })
  expect(data?.errors).toMatchObject([
    { index: 1, message: expect.stringContaining("Invalid `to` field.") },
    { index: 2, message: expect.stringContaining("Invalid `to` field.") },
  ])
  expect(simulator.messages.map(({ to }) => to)).toEqual([[first!.to], [third!.to]])
  expect(data?.data.map(({ id }) => id)).toEqual(simulator.messages.map(({ id }) => id))
})

test("sends a batch once for the same key and body, and refuses another body", async () => {
  await using simulator = startResend()
  const { batch } = clientOf(simulator)
  const send = (count: number) => batch.send(people(count), { idempotencyKey: "news/1" })
  const first = await send(3)
  expect(idsOf(await send(3))).toEqual(idsOf(first)!)
  expect((await send(2)).error).toMatchObject({ statusCode: 409, name: "invalid_idempotent_request" })
  expect(simulator.messages.map(({ presented }) => presented)).toEqual([3, 3, 3])
})

test("keeps a batch and its key over a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "resend-"))
  const send = async () => {
    await using simulator = startResend({ dataDir })
    return idsOf(await clientOf(simulator).batch.send(people(3), { idempotencyKey: "news/1" }))
  }
  const before = await send()
  expect(before).toHaveLength(3)
  expect(await send()).toEqual(before!)
  rmSync(dataDir, { recursive: true })
})

test("is told to fail as a single mail is", async () => {
  await using simulator = startResend()
  const { batch } = clientOf(simulator)
  const send = () => batch.send(people(2), { idempotencyKey: "news/1" })
  simulator.fail({ times: 1, status: 429, headers: { "retry-after": "3" } })
  simulator.fail({ times: 1, mode: "reset" })
  simulator.fail({ times: 1, mode: "accept-then-reset" })
  const limited = await send()
  expect([limited.error?.name, limited.headers?.["retry-after"]]).toEqual(["rate_limit_exceeded", "3"])
  expect((await send()).error).toMatchObject({ statusCode: null })
  expect(simulator.messages).toBeEmpty()
  expect((await send()).error).toMatchObject({ statusCode: null })
  expect(simulator.messages).toHaveLength(2)
  expect(idsOf(await send())).toEqual(simulator.messages.map(({ id }) => id))
})

test("asks for the key, and counts as one request", async () => {
  await using simulator = startResend({ requestsPerSecond: 1, now: () => 5_000 })
  expect((await post({ ...simulator, key: "re_wrong" }, people(1), {}, "/emails/batch")).status).toBe(403)
  const { error } = await clientOf(simulator).batch.send(people(2))
  expect(error).toMatchObject({ statusCode: 429, name: "rate_limit_exceeded" })
})
