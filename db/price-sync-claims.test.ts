import { beforeEach, expect, test } from "bun:test"
import { pool } from "./pool.ts"
import { claimProduct, releaseProduct } from "./price-sync-claims.ts"
import { noteAsked } from "./price-sync-products.ts"
import { beginSync } from "./price-syncs.ts"
import { emptyPrices } from "./testing.ts"

beforeEach(async () => {
  await emptyPrices()
  await pool()`insert into products (name) values ('Arroz')`
})

const claim = (runId: string, places = "here", force = false) =>
  claimProduct({ productId: 1, runId, places }, force)
const later = (time: string) => pool()`
  with earlier as (update price_sync_products set asked_at = asked_at - ${time}::interval)
  update price_sync_claims set claimed_until = claimed_until - ${time}::interval
`

test("a product is one run's, which may claim it again, until five minutes are over or it is given up", async () => {
  expect([await claim("one"), await claim("one"), await claim("other")]).toEqual([true, true, false])
  await later("5 minutes")
  expect([await claim("other"), await claim("one")]).toEqual([true, false])
  await releaseProduct({ productId: 1, runId: "one", places: "here" })
  expect(await claim("one")).toBe(false)
  await releaseProduct({ productId: 1, runId: "other", places: "here" })
  expect(await claim("one")).toBe(true)
})

test("elsewhere, or by force, it is another matter", async () => {
  await claim("one")
  expect([await claim("other", "elsewhere"), await claim("other", "here", true)]).toEqual([true, true])
})

test("what has been answered is not claimed for six hours, what has failed is", async () => {
  const { id } = await beginSync("one", { places: "here" })
  await noteAsked(id, [{ productId: 1, outcome: "failed", error: "503" }], pool())
  expect(await claim("other")).toBe(true)
  await later("5 minutes")
  await noteAsked(id, [{ productId: 1, outcome: "not-found" }], pool())
  expect([await claim("third"), await claim("third", "elsewhere")]).toEqual([false, true])
  expect(await claim("third", "here", true)).toBe(true)
  await later("6 hours")
  expect(await claim("fourth")).toBe(true)
})

test("of many who claim it at a time one gets it", async () => {
  const claims = await Promise.all(Array.from({ length: 15 }, (_, run) => claim(`run-${run}`)))
  expect(claims.filter(Boolean)).toHaveLength(1)
})
