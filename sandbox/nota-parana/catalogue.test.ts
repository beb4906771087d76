import { expect, test } from "bun:test"
import { toGtin14 } from "../../lib/gtin.ts"
import { markets } from "./markets.ts"
import { neighbours } from "./neighbours.ts"
import { products } from "./products.ts"
import { distance } from "./rows.ts"
import { stores } from "./stores.ts"

test("there are 120 products, each with a GTIN of its own that is one", () => {
  expect(new Set(products.map(({ gtin }) => toGtin14(gtin))).size).toBe(120)
  expect(products.filter(({ gtin }) => toGtin14(gtin) === undefined)).toEqual([])
  expect(new Set(products.map(({ gtin }) => gtin.length))).toEqual(new Set([13, 8, 12]))
  expect(products.filter(({ ncm }) => !/^\d{8}$/.test(ncm))).toEqual([])
})

test("there are six markets in Maringá, and shops around them that are taken for them", () => {
  expect(markets).toHaveLength(6)
  for (const market of markets) expect(market).toMatchObject({ city: "Maringá", uf: "PR" })
  const near = neighbours.filter((shop) => distance(shop, markets[2]!) < 20)
  expect(near.length).toBeGreaterThanOrEqual(8)
  const [ipe, , boaSafra, cerroAzul] = markets
  expect(near).toContainEqual(
    expect.objectContaining({ legalName: ipe!.legalName, street: ipe!.street, number: "9161" }),
  )
  expect(near).toContainEqual(expect.objectContaining({ name: `${boaSafra!.name} Sarandi`, city: "Sarandi" }))
  expect(near.some((shop) => distance(shop, cerroAzul!) < 0.05)).toBeTrue()
})

test("the service knows every shop by a code of its own, and where it is to within 200 m", () => {
  const shops = [...markets, ...neighbours]
  expect(new Set(stores.map(({ code }) => code)).size).toBe(shops.length)
  for (const [index, store] of stores.entries()) {
    expect(distance(store, shops[index]!)).toBe(0)
    expect(store.geohash).toMatch(/^.{10}0$/)
  }
})
