import { expect, test } from "bun:test"
import { nearest, unknownName } from "./nearest.ts"

const names = ["products", "prices", "rental_payments"]

test.each([
  ["product", "products"],
  ["pices", "prices"],
  ["prodcuts", "products"],
  ["RENTAL-PAYMENTS", "rental_payments"],
  ["users", undefined],
  ["", undefined],
])("the nearest to %j is %p", (wanted, expected) => {
  expect(nearest(wanted, names)).toBe(expected)
  expect(nearest(wanted, [])).toBeUndefined()
})

test("a name that there is not is told with the nearest and with all", () => {
  expect(unknownName("table", "pices", names)).toBe(
    'no table "pices": did you mean prices? there are products, prices, rental_payments',
  )
  expect(unknownName("table", "xyz", names)).toBe(
    'no table "xyz": there are products, prices, rental_payments',
  )
})
