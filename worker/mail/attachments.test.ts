import { expect, test } from "bun:test"
import type { Attachments } from "../../lib/attachments.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { PayloadTooLarge, PermanentError } from "../../lib/errors.ts"
import { email } from "../../lib/jobs/email.ts"
import { storage } from "../../lib/storage/storage.ts"
import { world } from "../../sandbox/testing.ts"
import { perform, testRun } from "../testing.ts"

const someone = () => `ana.${crypto.randomUUID()}@example.com`
const newKey = (name = "contrato.pdf") => `tests/${crypto.randomUUID()}/${name}`
const welcome = (to: string[], attachments: Attachments) => ({
  to,
  template: "welcome" as const,
  data: { userName: "Ana" },
  locale: "pt-BR" as const,
  attachments,
})
const mailsTo = (...to: string[]) =>
  world.resend.messages.filter((message) => to.includes(message.to[0]!)).map(({ attachments }) => attachments)

async function stored(bytes: Uint8Array, name?: string) {
  const key = newKey(name)
  await storage().put(key, bytes)
  return key
}

async function* zeros(megabytes: number) {
  for (let sent = 0; sent < megabytes; sent++) yield new Uint8Array(1024 * 1024)
}

test("files go with a mail by their content and by their key", async () => {
  const to = someone()
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251)
  const storageKey = await stored(bytes)
  await perform(
    "email",
    welcome(
      [to],
      [
        { filename: "olá.txt", content: btoa("conteudo"), contentType: "text/plain" },
        { filename: "Contrato 12.pdf", storageKey },
      ],
    ),
  )
  expect(mailsTo(to)).toMatchObject([
    [
      { filename: "olá.txt", content: btoa("conteudo"), content_type: "text/plain" },
      { filename: "Contrato 12.pdf", content: Buffer.from(bytes).toString("base64") },
    ],
  ])
})

test("with files, each of many has a request of their own, and those not yet sent go on", async () => {
  const to = Array.from({ length: 5 }, someone)
  const run = testRun()
  const payload = welcome(to, [{ filename: "a.pdf", storageKey: await stored(new Uint8Array(9)) }])
  for (const mode of ["slow", "slow", "accept-then-reset"] as const)
    world.resend.fail({ times: 1, mode, delay: 0 })
  await expect(perform("email", payload, run)).rejects.toThrow("Resend")
  expect(mailsTo(...to)).toHaveLength(3)
  expect(await perform("email", payload, run)).toEqual({ sent: 5, suppressed: 0, messageId: null })
  const mails = world.resend.messages.filter((message) => to.includes(message.to[0]!))
  expect(mails.map(({ to, idempotencyKey, presented }) => [to[0], idempotencyKey, presented])).toEqual(
    to.map((address, index) => [address, `email/${run.id}/${index}`, index === 2 ? 2 : 1]),
  )
})

test("one of many who is refused keeps the file from nobody else", async () => {
  const to = Array.from({ length: 3 }, someone)
  const payload = welcome(to, [{ filename: "a.txt", content: "eA==" }])
  world.resend.fail({ times: 3, mode: "refuse", addresses: [to[1]!] })
  await expect(perform("email", payload)).rejects.toThrow("1 of 3 recipients were refused")
  world.resend.forgive()
  expect(mailsTo(...to)).toHaveLength(2)
})

test("a file that is not stored fails the run for good, and is named", async () => {
  const to = someone()
  const storageKey = newKey()
  const error = await perform("email", welcome([to], [{ filename: "c.pdf", storageKey }])).catch(
    (error) => error,
  )
  expect(error).toBeInstanceOf(PermanentError)
  expect(error.message).toBe(
    `Attachment 1 (c.pdf, ${storageKey}) is not stored: store the file before asking for the mail`,
  )
  expect(mailsTo(to)).toEqual([])
})

test("a file that is gone once all are sent is no matter", async () => {
  const storageKey = await stored(new Uint8Array(9))
  const payload = welcome([someone()], [{ filename: "c.pdf", storageKey }])
  const run = testRun()
  const first = await perform("email", payload, run)
  await storage().delete(storageKey)
  expect(await perform("email", payload, run)).toEqual(first)
})

test("files that are too much for a mail fail the run for good, and the one that does not fit is named", async () => {
  const to = someone()
  const [large, small] = [newKey("large.bin"), newKey("small.bin")]
  await storage().put(large, zeros(28))
  await storage().put(small, zeros(2))
  const error = await perform(
    "email",
    welcome(
      [to],
      [
        { filename: "large.bin", storageKey: large },
        { filename: "small.bin", storageKey: small },
      ],
    ),
  ).catch((error) => error)
  expect(error).toBeInstanceOf(PermanentError)
  expect(error.message).toStartWith(`Attachment 2 (small.bin, ${small}) does not fit`)
  expect(mailsTo(to)).toEqual([])
})

test.each([
  [{ filename: "a.pdf" }],
  [{ filename: "a.pdf", content: "not base64!" }],
  [{ filename: "../a.pdf", content: "eA==" }],
  [{ filename: "a.pdf", storageKey: "../secrets" }],
  [{ filename: "a.pdf", content: "eA==", storageKey: "a/b.pdf" }],
  [{ filename: "a.pdf", content: "eA==", contentType: "text/html\r\nX: y" }],
  [{ filename: "a.pdf", path: "https://example.com/a.pdf" }],
])("%j is no attachment, and nothing is asked for", async (attachment) => {
  const asked = enqueue(email, welcome([someone()], [attachment as never]))
  await expect(asked).rejects.toThrow("attachments.0")
})

test("what does not fit into a payload has to be stored first", async () => {
  const content = Buffer.alloc(60_000).toString("base64")
  const asked = enqueue(email, welcome([someone()], [{ filename: "a.bin", content }]))
  await expect(asked).rejects.toBeInstanceOf(PayloadTooLarge)
})
