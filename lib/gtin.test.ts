import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { printedGtin, toGtin14 } from "./gtin.ts"

/** Any GTIN of so many digits, its last one as GS1 has it: what is missing to the next ten, every other digit thrice. */
const gtin = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length - 1, maxLength: length - 1 })
    .filter((digits) => digits.some((digit) => digit > 0))
    .map((digits) => {
      const thrice = digits.filter((_, index) => (length - index) % 2 === 0)
      const once = digits.filter((_, index) => (length - index) % 2 === 1)
      const sum = 3 * thrice.reduce((a, b) => a + b, 0) + once.reduce((a, b) => a + b, 0)
      return `${digits.join("")}${(1_000 - sum) % 10}`
    })

const anyGtin = fc.constantFrom(8, 12, 13, 14).chain(gtin)

test.each([
  ["7891000100103", "07891000100103"],
  ["07891000100103", "07891000100103"],
  ["78912939", "00000078912939"],
  ["036000291452", "00036000291452"],
  ["17891000100100", "17891000100100"],
])("takes %s for a GTIN", (text, gtin14) => {
  expect(toGtin14(text)).toBe(gtin14)
})

test.each([
  "7891000100104",
  "",
  "SEM GTIN",
  "0000000000000",
  "7891234",
  "007891000100103",
  " 7891000100103",
  "7891000-100103",
  "７８９１０００１００１０３",
])("does not take %j for a GTIN", (text) => {
  expect(toGtin14(text)).toBeUndefined()
})

describe("of any GTIN", () => {
  test("padding with zeros leaves it the same", () => {
    fc.assert(
      fc.property(anyGtin, fc.integer({ min: 8, max: 14 }), (text, length) => {
        expect(toGtin14(text.padStart(length, "0"))).toBe(text.padStart(14, "0"))
      }),
    )
  })

  test("one digit misread is noticed", () => {
    fc.assert(
      fc.property(anyGtin, fc.nat({ max: 13 }), fc.integer({ min: 1, max: 9 }), (text, place, by) => {
        const at = place % text.length
        const misread = [...text].map((digit, index) => (index === at ? (Number(digit) + by) % 10 : digit))
        expect(toGtin14(misread.join(""))).toBeUndefined()
      }),
    )
  })

  test("what is printed is the same GTIN, in one of the four lengths and no longer than it was", () => {
    fc.assert(
      fc.property(anyGtin, (text) => {
        const printed = printedGtin(toGtin14(text)!)
        expect(toGtin14(printed)).toBe(toGtin14(text))
        expect([8, 12, 13, 14]).toContain(printed.length)
        expect(printed.length).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})
