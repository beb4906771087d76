import { expect, test } from "bun:test"
import { email } from "./jobs/email.ts"
import { redact } from "./redact.ts"

const payload = email.payload.parse({
  to: ["ana@example.com", "bia@example.com"],
  from: "Rafael <rafael@example.com>",
  template: "welcome",
  data: { userName: "Ana" },
  attachments: [
    { filename: "holerite-ana.pdf", content: "eA==", contentType: "application/pdf" },
    { filename: "contrato-ana.pdf", storageKey: "contracts/12/contract.pdf" },
  ],
})

test("of a mail nothing is shown of whom it is to, what it says and what the files are called and hold", () => {
  const shown = redact(email.payload, payload)
  expect(JSON.stringify(shown)).not.toMatch(/ana|bia|rafael|eA==/i)
  expect(shown).toMatchObject({
    to: ["[redacted]", "[redacted]"],
    template: "welcome",
    attachments: [
      { content: "[redacted]", contentType: "application/pdf" },
      { filename: "[redacted]", storageKey: "contracts/12/contract.pdf" },
    ],
  })
})

test.each(["backups/2026-07-01/all.zst", "exports/9f1c0a/dados.zip"])(
  "%s never travels in a mail",
  (storageKey) => {
    const asked = email.payload.safeParse({ ...payload, attachments: [{ filename: "a.zip", storageKey }] })
    expect(asked.error?.issues).toMatchObject([
      { path: ["attachments", 0, "storageKey"], message: expect.stringContaining("fetched by their links") },
    ])
  },
)
