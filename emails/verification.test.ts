import { expect, test } from "bun:test"
import { exampleOf } from "../lib/emails/example.ts"
import { verificationProps } from "../lib/emails/verification.ts"
import { renderEmail } from "./render.tsx"
import { english, portuguese } from "./testing.ts"

const example = exampleOf(verificationProps)

test("gives the link once in the text and twice on the page", async () => {
  const { html, text } = await renderEmail("verification", example, portuguese)
  const { verificationUrl } = example

  expect(text.split(verificationUrl)).toHaveLength(2)
  expect(html).toContain(`>${verificationUrl.replace("&", "&amp;")}</a>`)
})

test("shows a code only when there is one", async () => {
  const { code, ...withoutCode } = example
  const shown = await renderEmail("verification", example, english)
  const hidden = await renderEmail("verification", withoutCode, english)

  expect(shown.text).toContain(`type this code on the confirmation screen:\n\n${code}\n`)
  expect(hidden.text).not.toContain("code")
})

test.each([
  [1, "até 1 hora:", "within 1 hour:"],
  [24, "até 24 horas:", "within 24 hours:"],
  [36, "até 36 horas:", "within 36 hours:"],
  [72, "até 3 dias:", "within 3 days:"],
])("says in words when it expires: %d h", async (expiresInHours, inPortuguese, inEnglish) => {
  const props = { ...example, expiresInHours }

  expect((await renderEmail("verification", props, portuguese)).text).toContain(inPortuguese)
  expect((await renderEmail("verification", props, english)).text).toContain(inEnglish)
})
