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
