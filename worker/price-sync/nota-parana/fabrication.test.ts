import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { products } from "../../../sandbox/nota-parana/products.ts"
import { startNotaParana } from "../../../sandbox/nota-parana/simulator.ts"
import { stores } from "../../../sandbox/nota-parana/stores.ts"
import { ask, CENTRE } from "../../../sandbox/nota-parana/testing.ts"
import { isFabricated } from "./fabrication.ts"
import { readRow } from "./row.ts"
import { row } from "./testing.ts"

const real = (local = "6gf96u6q0j0") => row({ ncm: "17049099", local })
const fake = (local = CENTRE) => row({ ncm: "320481903", local })
const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make)

describe("of these pages", () => {
  test.each([
    ["one without rows is true", [], false],
    ["one of real rows is true", times(50, real), false],
    [
      "one of real rows that are all where the question came from is true",
      times(9, () => real(CENTRE)),
      false,
    ],
    ["one of fabricated rows is not", times(50, fake), true],
    ["one of a single fabricated row is not", [fake()], true],
    ["one of fabricated rows elsewhere is not", times(50, () => fake("6gkzqf9vb")), true],
    ["one half of fabricated rows is not", [...times(5, real), ...times(5, fake)], true],
    ["one with a stray ninth digit is true", [...times(49, real), fake("6gf96u6q0j0")], false],
    ["one of less than half is true", [...times(6, real), ...times(5, fake)], false],
    [
      "one of less than half, but all where the question came from, is not",
      [...times(9, () => real(CENTRE)), fake()],
      true,
    ],
    [
      "one of a ninth digit that does not begin with 320 is not",
      times(3, () => row({ ncm: "170490991" })),
      true,
    ],
    ["one of what cannot be read is not called made up", times(5, () => undefined), false],
    ["one without NCM is not called made up", times(5, () => row({ ncm: "", local: CENTRE })), false],
  ])("%s", (_, rows, made) => {
    expect(isFabricated(rows, CENTRE)).toBe(made)
  })
})

const geohash = fc.stringMatching(/^[0-9bcdefghjkmnpqrstuvwxyz]{9,12}$/)
const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
const realRow = fc.record({ ncm: digits(8), local: geohash }).map((fields) => row(fields))
const fakeNcm = digits(6).map((rest) => `320${rest}`)
const fakeRow = fc.record({ ncm: fakeNcm, local: geohash }).map((fields) => row(fields))

test("rows with eight digits are never taken for fabricated, wherever the question came from", () => {
  fc.assert(
    fc.property(fc.array(realRow), geohash, fc.boolean(), (rows, asked, echo) => {
      const told = echo ? rows.map((row) => ({ ...row, local: asked })) : rows
      expect(isFabricated(told, asked)).toBeFalse()
    }),
  )
})

test("half of a page is enough, in whatever order", () => {
  const page = fc
    .tuple(fc.array(realRow, { maxLength: 25 }), fc.array(fakeRow, { minLength: 1, maxLength: 25 }))
    .chain(([reals, fakes]) =>
      fc.record({
        rows: fc.shuffledSubarray([...reals, ...fakes], { minLength: reals.length + fakes.length }),
        isHalf: fc.constant(fakes.length >= reals.length),
      }),
    )
  fc.assert(
    fc.property(page, ({ rows, isHalf }) => {
      // Asked from where none of them is.
      expect(isFabricated(rows, "s")).toBe(isHalf)
    }),
  )
})

const pageFrom = async (answer: Response) =>
  ((await answer.json()) as { produtos: unknown[] }).produtos.map(readRow)

test("the simulator's pages are told apart, all of them, also when the question comes from a shop", async () => {
  await using simulator = startNotaParana()
  let rows = 0
  for (const { gtin } of products.slice(0, 40)) {
    for (const local of [CENTRE, stores[2]!.geohash]) {
      const page = await pageFrom(await ask(simulator, { gtin, local }))
      rows += page.length
      expect(isFabricated(page, local)).toBeFalse()
    }
  }
  expect(rows).toBeGreaterThan(1_000)
  simulator.wall(0)
  for (const { gtin } of products.slice(0, 40))
    expect(isFabricated(await pageFrom(await ask(simulator, { gtin })), CENTRE)).toBeTrue()
})
