import { expect, test } from "bun:test"
import { startResend } from "./simulator.ts"
import { clientOf, mail, post } from "./testing.ts"

const format =
  "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."
const people = Array.from({ length: 51 }, (_, index) => `person${index}@example.com`)

async function answerTo(body: unknown) {
  await using simulator = startResend()
  const answer = await post(simulator, body)
  expect(simulator.messages).toHaveLength(answer.ok ? 1 : 0)
  return { status: answer.status, ...(await answer.json()) }
}

test.each([
  ["from", {}],
  ["from", { ...mail, from: undefined }],
  ["to", { ...mail, to: undefined }],
  ["to", { ...mail, to: [] }],
  ["to", { ...mail, to: "" }],
  ["subject", { ...mail, subject: "" }],
])("misses the field %s in %j", async (field, body) => {
  expect(await answerTo(body)).toEqual({
    status: 422,
    statusCode: 422,
    name: "missing_required_field",
    message: `Missing \`${field}\` field.`,
  })
})

test("misses a part to show", async () => {
  const message = "Missing `html` or `text` field."
  for (const part of [{}, { html: "" }, { html: null, text: "" }]) {
    const answer = await answerTo({ from: mail.from, to: mail.to, subject: "Olá", ...part })
    expect(answer).toMatchObject({ status: 422, name: "missing_required_field", message })
  }
})

test.each([
  "oi",
  "oi@casa",
  "oi@casa.example, tu@casa.example",
  "Casa oi@casa.example",
  "<oi@casa.example>",
  "Casa <oi@casa.example> e mais",
  "Casa\r\nBcc: x <oi@casa.example>",
])("takes %j for no address", async (address) => {
  const invalid = (field: string) => ({
    status: 422,
    name: "validation_error",
    message: `Invalid \`${field}\` field. ${format}`,
  })
  expect(await answerTo({ ...mail, from: address })).toMatchObject(invalid("from"))
  expect(await answerTo({ ...mail, to: address })).toMatchObject(invalid("to"))
  expect(await answerTo({ ...mail, to: [mail.to, address] })).toMatchObject(invalid("to"))
  expect(await answerTo({ ...mail, cc: address })).toMatchObject(invalid("cc"))
  expect(await answerTo({ ...mail, bcc: [address] })).toMatchObject(invalid("bcc"))
  expect(await answerTo({ ...mail, reply_to: address })).toMatchObject(invalid("reply_to"))
})

test.each([
  "oi@casa.example",
  "Casa <oi@casa.example>",
  '"Casa, Ltda." <oi@casa.example>',
  "São José <oi+x@sub.casa.example>",
])("takes %j for an address", async (address) => {
  expect(await answerTo({ ...mail, from: address, to: [address] })).toMatchObject({ status: 200 })
})

test("sends to at most 50 recipients", async () => {
  expect(await answerTo({ ...mail, to: people.slice(1) })).toMatchObject({ status: 200 })
  expect(await answerTo({ ...mail, to: people })).toMatchObject({ status: 422, name: "validation_error" })
})

test.each([
  [
    { tags: [{ name: "a b", value: "x" }] },
    "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
  ],
  [
    { tags: [{ name: "a", value: "ç" }] },
    "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
  ],
  [
    { tags: [{ name: "a", value: "x".repeat(257) }] },
    "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
  ],
  [{ tags: { a: "x" } }, "The `tags` field must be an `array`."],
  [{ headers: ["X-Run"] }, "The `headers` field must be an `object`."],
  [{ headers: { "X-Run": 7 } }, "The `headers` field must be a `string`."],
  [{ html: 7 }, "The `html` field must be a `string`."],
  [{ subject: 7 }, "The `subject` field must be a `string`."],
  [{ to: 7 }, "The `to` field must be a `string`."],
])("refuses %j", async (change, message) => {
  expect(await answerTo({ ...mail, ...change })).toMatchObject({
    status: 422,
    name: "validation_error",
    message,
  })
})

test("refuses an attachment without content", async () => {
  await using simulator = startResend()
  const { error } = await clientOf(simulator).emails.send({ ...mail, attachments: [{ filename: "a.pdf" }] })
  expect(error).toEqual({
    statusCode: 422,
    name: "invalid_attachment",
    message: "Attachment must have either a `content` or `path`.",
  })
})

test("refuses a body that is no JSON object", async () => {
  expect(await answerTo("{")).toMatchObject({ status: 400, name: "validation_error" })
  expect(await answerTo("")).toMatchObject({ status: 400, name: "validation_error" })
  expect(await answerTo([mail])).toMatchObject({ status: 422, name: "validation_error" })
})

test("refuses a body above 40 MB", async () => {
  const padding = "x".repeat(40 * 1024 * 1024)
  expect(await answerTo({ ...mail, text: padding })).toMatchObject({ status: 413, statusCode: 413 })
})
