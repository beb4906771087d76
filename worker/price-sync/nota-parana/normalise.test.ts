import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { toGtin14 } from "../../../lib/gtin.ts"
import type { Offer } from "../../../lib/offer.ts"
import { toOffer } from "./normalise.ts"
import { readRow } from "./row.ts"
import { GTIN, NOW, rawRow, row } from "./testing.ts"

const DAY = 86_400_000
const wanted = { gtin: GTIN, since: NOW - 60 * DAY, now: NOW }
const offerOf = (...fields: Parameters<typeof row>) => toOffer(row(...fields), wanted)

test("a row becomes an offer", () => {
  expect(offerOf()).toEqual({
    sourceId: "9f1c0a",
    gtin: GTIN,
    description: "CHICLETE HUEVITOS",
    ncm: "17049099",
    price: 399,
    discount: 0,
    observedAt: new Date("2026-01-15T10:30:00Z"),
    distance: 664,
    store: {
      code: "estab001",
      name: "SUPERMERCADO X",
      legalName: "EMPRESA X LTDA",
      street: "RUA DAS FLORES",
      number: "100",
      district: "CENTRO",
      city: "CIANORTE",
      uf: "PR",
      geohash: "6gf96u6q0j0",
    },
  })
})

test.each([
  ["a discount is taken off", { valor_desconto: "0.50", valor: "3.49" }, { price: 349, discount: 50 }],
  ["a comma is a decimal one", { valor_tabela: "3,99", distkm: "0,664" }, { price: 399, distance: 664 }],
  ["a GTIN may be padded", { gtin: "07891118025664" }, { gtin: GTIN }],
  [
    "a time without zone is UTC",
    { datahora: "2026-01-15T10:30:00" },
    { observedAt: new Date("2026-01-15T10:30:00Z") },
  ],
  [
    "numbers may be none of text",
    { valor_tabela: 3.99, valor: 3.99, distkm: 1 },
    { price: 399, distance: 1_000 },
  ],
  ["without a listed price, what was paid counts", { valor_tabela: "" }, { price: 399 }],
  ["without what was paid, the listed price counts", { valor: "", valor_desconto: "1.00" }, { price: 299 }],
  ["without a discount there is none", { valor_desconto: undefined }, { price: 399, discount: 0 }],
  ["a cent of rounding is no contradiction", { valor: "3.98" }, { price: 399 }],
  [
    "what fuel costs has three decimals",
    { valor_tabela: "5.796", valor_desconto: "0.004", valor: "5.792" },
    { price: 579 },
  ],
  ["a distance that is none is unknown", { distkm: "perto" }, { distance: null }],
  ["without an id the note makes one up", { id: "" }, { sourceId: "estab001/DOC123/07891118025664/3.99" }],
])("%s", (_, fields, offer) => {
  expect(offerOf(fields)).toMatchObject(offer)
})

test("a shop without a name has its company's, and may be nowhere", () => {
  expect(offerOf({ local: "" }, { nm_fan: " ", tp_logr: null, bairro: undefined })).toMatchObject({
    store: { name: "EMPRESA X LTDA", street: "DAS FLORES", district: "", geohash: null },
  })
})

test("what no database would take is not in a text, nor an id that no index takes", () => {
  for (const long of ["a".repeat(201), "a".repeat(100_000)]) {
    expect(offerOf({ id: long })).toBe("malformed")
    expect(offerOf({}, { codigo: long })).toBe("malformed")
  }
  expect(offerOf({ desc: `${"A".repeat(499)}🛒` })).toMatchObject({ description: `${"A".repeat(499)}\ufffd` })
  expect(offerOf({ desc: "CHICLETE\u0000\u0007 \ud800" })).toMatchObject({ description: "CHICLETE  \ufffd" })
})

test.each([
  ["malformed", { datahora: "ontem" }],
  ["malformed", { valor_tabela: "a combinar", valor: "?" }],
  ["malformed", { id: "", nrdoc: "" }],
  ["malformed", { ncm: "" }],
  ["fabricated", { ncm: "320123456" }],
  ["other-product", { gtin: "7891000100103" }],
  ["other-product", { gtin: "" }],
  ["other-product", { gtin: "SEM GTIN" }],
  ["no-price", { valor_tabela: "0.00", valor: "0.00" }],
  ["no-price", { valor_desconto: "3.99", valor: "0.00" }],
  ["no-price", { valor_desconto: "5.00", valor: "-1.01" }],
  ["no-price", { valor_tabela: "0.004", valor: "0.004" }],
  ["contradictory", { valor: "7.98" }],
  ["contradictory", { valor_desconto: "3.99" }],
  ["contradictory", { valor_tabela: "0.00" }],
  ["future", { datahora: "2026-01-15T12:31:00Z" }],
  ["future", { datahora: "2062-01-15T10:30:00Z" }],
  ["past", { datahora: "2025-11-01T10:30:00Z" }],
  ["past", { datahora: "1970-01-01T00:00:00Z" }],
])("a row is dropped as %s with %j", (reason, fields) => {
  expect(offerOf(fields)).toBe(reason as ReturnType<typeof toOffer> & string)
})

test.each([
  { raw: null },
  { raw: undefined },
  { raw: "row" },
  { raw: [] },
  { raw: {} },
  { raw: rawRow({ estabelecimento: null }) },
  { raw: rawRow({ valor: {} }) },
])("%j holds no row", ({ raw }) => {
  expect(toOffer(readRow(raw), wanted)).toBe("malformed")
})

describe("of any row", () => {
  const reais = (cents: number) => (cents / 100).toFixed(2)

  test("the price is the listed one less the discount, to the cent", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.nat(99_999_999), (price, discount) => {
        const fields = {
          valor_tabela: reais(price + discount),
          valor_desconto: reais(discount),
          valor: reais(price),
        }
        expect(offerOf(fields)).toMatchObject({ price, discount })
      }),
    )
  })

  test("a price that differs from what was paid by two cents or more is not believed", () => {
    const off = fc.oneof(fc.integer({ min: 2, max: 999_999 }), fc.integer({ min: -999_999, max: -2 }))
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000, max: 99_999_999 }), off, (listed, off) => {
        expect(offerOf({ valor_tabela: reais(listed), valor: reais(listed + off) })).toBe("contradictory")
      }),
    )
  })

  const value = fc.oneof(
    fc.constant(undefined),
    fc.jsonValue(),
    fc.string({ unit: "binary" }),
    fc.integer().map(String),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  )
  const anyRow = fc
    .record({
      fields: fc.dictionary(fc.constantFrom(...Object.keys(rawRow())), value, { maxKeys: 4 }),
      shop: fc.dictionary(fc.constantFrom(...Object.keys(rawRow().estabelecimento)), value, { maxKeys: 4 }),
    })
    .map(({ fields, shop }) => rawRow(fields, shop))

  const isSound = (offer: Offer) => {
    expect(toGtin14(offer.gtin)).toBe(GTIN)
    expect(offer.price).toBeInteger()
    expect(offer.price).toBeWithin(1, 1_000_000_000)
    expect(offer.observedAt.getTime()).toBeWithin(wanted.since, NOW + 3_600_001)
    for (const id of [offer.sourceId, offer.store.code]) expect(id.length).toBeWithin(1, 201)
    expect(offer.ncm).toMatch(/^\d{8}$/)
    for (const text of [offer.sourceId, offer.description, ...Object.values(offer.store)])
      expect(text ?? "").not.toMatch(/\p{Cc}|\p{Cs}/u)
  }

  test("what comes of it is sound, or a reason: it is never an error", () => {
    let offers = 0
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: anyRow }, fc.jsonValue()), (raw) => {
        const offer = toOffer(readRow(raw), wanted)
        if (typeof offer === "string") return
        offers += 1
        isSound(offer)
      }),
      { numRuns: 1_000 },
    )
    expect(offers).toBeGreaterThan(50)
  })
})
