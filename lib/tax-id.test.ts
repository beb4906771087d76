import { expect, test } from "bun:test"
import { formatTaxId, isTaxId } from "./tax-id.ts"

test.each([
  "52998224725",
  "12345678909",
  "11144477735",
  "12345678000195",
  "11222333000181",
  "12ABC34501DE35",
])("%s is a tax id", (text) => expect(isTaxId(text)).toBe(true))

test.each([
  "52998224726",
  "52998224715",
  "12345678000194",
  "12ABC34501DE36",
  "12ABC34501DE25",
  "12ABC34502DE35",
])("%s is none: its last digits do not follow from the others", (text) => expect(isTaxId(text)).toBe(false))

test.each(["00000000000", "11111111111", "00000000000000"])("%s is none that was ever given out", (text) =>
  expect(isTaxId(text)).toBe(false),
)

test("a tax id is written with its signs", () => {
  expect(["52998224725", "11222333000181", "12ABC34501DE35"].map(formatTaxId)).toEqual([
    "529.982.247-25",
    "11.222.333/0001-81",
    "12.ABC.345/01DE-35",
  ])
})
