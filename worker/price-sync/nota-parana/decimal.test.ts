import { expect, test } from "bun:test"
import fc from "fast-check"
import { parseDecimal } from "./decimal.ts"

test.each([
  ["3.99", 399],
  ["3,99", 399],
  ["3", 300],
  ["0", 0],
  ["007.5", 750],
  ["5.799", 580],
  ["5.794", 579],
  ["0.005", 1],
  ["-0.005", -1],
  ["-0.001", 0],
  ["-1.50", -150],
  ["1.234,56", 123_456],
  ["1.234", 123],
  ["9999999.99", 999_999_999],
])("reads %s as %d hundredths", (text, hundredths) => {
  expect(parseDecimal(text, 2)).toBe(hundredths)
})

test.each([
  "",
  ".",
  "3.",
  ".5",
  "1,234.56",
  "R$ 3,99",
  "3,99 ",
  "1e3",
  "NaN",
  "12345678",
  "--1",
  "3.9.9",
  "a combinar",
  "٣",
])("does not read %j", (text) => {
  expect(parseDecimal(text, 2)).toBeUndefined()
})

const cents = fc.integer({ min: -999_999_999, max: 999_999_999 })

test("reads any sum of cents exactly, with a dot as with a comma", () => {
  fc.assert(
    fc.property(cents, fc.constantFrom(".", ","), (sum, separator) => {
      const [whole, decimals] = [
        Math.trunc(Math.abs(sum) / 100),
        String(Math.abs(sum) % 100).padStart(2, "0"),
      ]
      const text = `${sum < 0 ? "-" : ""}${whole}${separator}${decimals}`
      expect(parseDecimal(text, 2)).toBe(sum)
      expect(parseDecimal(text, 4)).toBe(sum * 100)
    }),
  )
})

test("reads sums with dots between their thousands", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100_000, max: 999_999_999 }), (sum) => {
      const text = (sum / 100).toLocaleString("pt-BR", { minimumFractionDigits: 2 })
      expect(parseDecimal(text, 2)).toBe(sum)
    }),
  )
})

test("is never more than half a unit away, however many decimals there are", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 9_999 }),
      fc.nat({ max: 999_999 }),
      fc.nat({ max: 5 }),
      (whole, part, places) => {
        const exact = whole * 1e6 + part
        const read = parseDecimal(`${whole}.${String(part).padStart(6, "0")}`, places)!
        expect(Math.abs(read * 10 ** (6 - places) - exact) * 2).toBeLessThanOrEqual(10 ** (6 - places))
      },
    ),
  )
})
