import { expect, test } from "bun:test"
import fc from "fast-check"
import { contentOf } from "./content.ts"

const told = {
  ...{ notificationId: 7, title: "Novo contato", message: "Ana tem interesse", type: "info" as const },
  ...{ category: "leads", actionUrl: "/leads/1", data: '{"leadId":1}' },
}

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

test("a device is told all there is, where that is not too much", () => {
  expect(contentOf(told)).toEqual({
    ...{ tag: "n7", id: 7, title: "Novo contato", message: "Ana tem interesse", type: "info" },
    ...{ category: "leads", actionUrl: "/leads/1", data: { leadId: 1 } },
  })
})

test("it goes without its data first, and says so", () => {
  const content = contentOf({ ...told, data: JSON.stringify({ notes: "x".repeat(3_000) }) })
  expect(content).toMatchObject({ message: "Ana tem interesse", actionUrl: "/leads/1", isCut: true })
  expect(content).not.toHaveProperty("data")
})

test("a long message ends with an ellipsis, between two of its characters", () => {
  const family = "👨‍👩‍👧‍👦"
  const { message, title } = contentOf({ ...told, message: family.repeat(400) })
  expect(title).toBe("Novo contato")
  expect(message.endsWith(`${family}…`)).toBe(true)
  expect(message.slice(0, -1).replaceAll(family, "")).toBe("")
  expect(message.length).toBeGreaterThan(1_000)
})

const hostile = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 4_000 }),
  fc.string({ unit: "binary", maxLength: 4_000 }),
  fc
    .constantFrom("\u0001", "\ud800", "\u202e", "é", "🏳️‍🌈", "e\u0301".repeat(3), '"', "\\")
    .chain((sign) => fc.nat(4_000).map((times) => sign.repeat(times).slice(0, 4_000))),
)

test("whatever is told fits, keeps its title, and has as much of its message as there is room for", () => {
  fc.assert(
    fc.property(
      hostile.map((text) => text.slice(0, 200)),
      hostile,
      hostile.map((text) => `/${text.slice(0, 999)}`),
      fc.option(fc.json()),
      (title, message, actionUrl, data) => {
        const content = contentOf({ ...told, title, message, actionUrl, data })
        expect(sizeOf(content)).toBeLessThanOrEqual(3_000)
        expect(content.title).toBe(title)
        if (content.message !== message)
          expect(message.startsWith(content.message.slice(0, -1).trimEnd())).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})
