import { expect, test } from "bun:test"
import { z } from "zod"
import { hiddenTexts } from "./hidden.ts"
import { email } from "./jobs/email.ts"
import { pii } from "./pii.ts"

const hiddenOf = (schema: z.ZodType, value: unknown) => hiddenTexts(schema, value).sort()

test("is what is marked, however deep, and nothing of the rest", () => {
  const schema = z.object({
    id: z.int(),
    title: z.string(),
    name: pii(z.string()),
    people: z.array(z.object({ role: z.string(), phone: pii(z.int()).nullable() })),
    byRole: z.record(z.string(), pii(z.string())),
  })
  const value = {
    id: 1_234_567,
    title: "Contract",
    name: "Ana Beatriz",
    people: [
      { role: "owner", phone: 11_987_654_321 },
      { role: "renter", phone: null },
    ],
    byRole: { owner: "Caio" },
  }
  expect(hiddenOf(schema, value)).toEqual(["11987654321", "Ana Beatriz", "Caio"])
})

test("is all of what is marked as a whole, or of what the schema does not know, but no name of a field of its own", () => {
  const schema = z.object({
    data: pii(z.object({ userName: z.string(), ages: z.record(z.string(), z.int()) })),
  })
  const value = { data: { userName: "Ana", ages: { Bia: 7 } }, userName: "Caio", nickname: ["Dora"] }
  expect(hiddenOf(schema, value)).toEqual(["Ana", "Bia", "Caio", "Dora", "nickname"])
  expect(hiddenOf(schema, "Ana")).toEqual(["Ana"])
  expect(hiddenOf(schema, undefined)).toEqual([])
})

test("is nothing that is too short to tell of anybody", () => {
  const schema = z.object({ texts: pii(z.array(z.union([z.string(), z.number(), z.boolean()]))) })
  const texts = ["", "SP", "Ana", "1990", 1990, "12345", 12_345, true, "  Li ", "- -", null]
  expect(hiddenOf(schema, { texts })).toEqual(["12345", "Ana"])
})

test("is no address, which is shortened everywhere, but what stands beside one", () => {
  const from = '"Imobiliária Bia" <bia@example.com>'
  const data = { userName: "Ana", note: "Write to ana@example.com or caio@example.com, please" }
  expect(hiddenOf(email.payload, { to: ["ana@example.com"], template: "welcome", data, from })).toEqual([
    ", please",
    "Ana",
    "Imobiliária Bia",
    "Write to",
    "note",
  ])
})
