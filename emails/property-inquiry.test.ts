import { expect, test } from "bun:test"
import { exampleOf } from "../lib/emails/example.ts"
import { propertyInquiryProps } from "../lib/emails/property-inquiry.ts"
import { renderEmail } from "./render.tsx"
import { brand, portuguese } from "./testing.ts"

const example = exampleOf(propertyInquiryProps)

test("keeps the lines of what is asked", async () => {
  const { text } = await renderEmail(
    "property-inquiry",
    { ...example, message: "Oi!\r\n\r\nPosso ver?\nAbraço" },
    portuguese,
  )
  expect(text).toContain("\n\nOi!\n\nPosso ver?\nAbraço\n\n")
})

test("lets the broker write and call back", async () => {
  const { html, text } = await renderEmail("property-inquiry", example, portuguese)
  expect(html).toContain('href="mailto:joao.lima@example.com"')
  expect(html).toContain('href="tel:+5544999123456"')
  expect(text).toMatch(/E-mail +joao\.lima@example\.com\n/)
  expect(text).toMatch(/Telefone +\+55 44 99912-3456\n/)
})

test("tells when, by the clock of the agency", async () => {
  const { text } = await renderEmail(
    "property-inquiry",
    { ...example, timeZone: "America/Manaus" },
    portuguese,
  )
  expect(text).toMatch(/Recebido em +10 de fevereiro de 2026 às 13:30 /)
})

test("names the property as it is when it has no page", async () => {
  const { propertyUrl: _, ...props } = example
  const { html } = await renderEmail("property-inquiry", props, { locale: "pt-BR", brand })
  expect(html).toContain(`>${example.propertyTitle}</p>`)
})
