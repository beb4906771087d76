import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { failedProducts } from "../../db/price-sync-products.ts"
import { findSync } from "../../db/price-syncs.ts"
import { PermanentError, RedisUnavailable, RetryLater, RunCancelled } from "../../lib/errors.ts"
import { priceSync } from "../../lib/jobs/price-sync.ts"
import { queueClient } from "../../lib/queues.ts"
import { products } from "../../sandbox/nota-parana/products.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { testRun } from "../testing.ts"
import type { SearchProducts } from "./ask.ts"
import { LANES } from "./collect.ts"
import { forgetGuest } from "./guest/testing.ts"
import { openNotaParana } from "./nota-parana.ts"
import { syncPrices } from "./sync.ts"
import { askedProducts, falsePrices, keepProducts, seedSync, storedPrices } from "./testing.ts"

const before = { ...process.env }
let compared = 0

beforeEach(seedSync)
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith("NOTA_PARANA_")) delete process.env[name]
  Object.assign(process.env, before)
  const prices = await storedPrices()
  expect(await falsePrices()).toEqual([])
  expect(new Set(prices.map(({ sourceId }) => sourceId)).size).toBe(prices.length)
  compared += prices.length
})
afterAll(() => expect(compared).toBeGreaterThan(10_000))

const { requests } = world.notaParana

/** Nota Paraná as a process of this budget has it. */
function search(budget = 10_000): SearchProducts {
  Object.assign(process.env, { NOTA_PARANA_PAUSE: "1", NOTA_PARANA_DAILY_BUDGET: String(budget) })
  return openNotaParana(queueClient()).searchProducts
}

const sync = (payload: Record<string, unknown> = {}, run = testRun(), searchProducts = search()) =>
  syncPrices(priceSync.payload.parse(payload), run, searchProducts)

test("stores every price that Nota Paraná knows of every product, in its market, and says how it went", async () => {
  const run = testRun()
  const result = await sync({}, run)
  const prices = await storedPrices()
  expect(priceSync.result.parse(result)).toEqual({
    status: "completed",
    mercadosProcessados: 6,
    produtosProcessados: products.length,
    precosRegistrados: prices.length,
    precosIgnorados: 0,
    produtosNaoEncontrados: products.length - new Set(prices.map(({ productId }) => productId)).size,
    tempoTotalSegundos: expect.any(Number),
  })
  expect(prices.length).toBeGreaterThan(2_000)
  expect(new Set(prices.map(({ marketId }) => marketId))).toEqual(new Set([1, 2, 3, 4, 5, 6, null]))
  expect(new Set(askedProducts()).size).toBe(products.length)
  expect(askedProducts()).toHaveLength(products.length)
  expect(Math.max(...requests.map(({ atOnce }) => atOnce))).toBeLessThanOrEqual(2)

  const stages = run.progressed.map(({ stage }) => stage)
  expect(stages.filter((stage, index) => stage !== stages[index - 1])).toEqual([
    "collecting",
    "importing",
    "completed",
  ])
  expect(run.progressed.at(-1)?.percentage).toBe(100)
  const percentages = run.progressed.map(({ percentage }) => percentage)
  expect(percentages).toEqual(percentages.toSorted((one, other) => one - other))
})

test("its stage stands in its row as well, as it goes on", async () => {
  await keepProducts(6)
  const run = testRun()
  const isAt = (stage: string) => until(async () => (await findSync(run.id))?.stage === stage, 10_000)
  const [first, last] = [products[0]!, products[5]!].map(({ gtin }) =>
    world.notaParana.fail({ times: 1, mode: "slow", gtin }),
  )
  const running = sync({}, run)
  await first!.met
  expect(await isAt("collecting")).toBe(true)
  first!.release()
  await last!.met
  expect(await isAt("importing")).toBe(true)
  last!.release()
  await running
  expect(await findSync(run.id)).toMatchObject({ stage: "completed", status: "completed" })
})

test("asks for no product twice within six hours, and again when told to or later", async () => {
  await keepProducts(10)
  const first = await sync()
  expect(await sync()).toMatchObject({ status: "completed", produtosProcessados: 0, precosRegistrados: 0 })
  expect(askedProducts()).toHaveLength(10)

  expect(await sync({ forceUpdate: true })).toMatchObject({
    produtosProcessados: 10,
    precosRegistrados: 0,
    precosIgnorados: first.precosRegistrados,
  })
  expect(askedProducts()).toHaveLength(20)

  await pool()`update price_sync_products set asked_at = asked_at - interval '6 hours'`
  await pool()`update price_sync_claims set claimed_until = claimed_until - interval '6 hours'`
  expect(await sync()).toMatchObject({ produtosProcessados: 10, precosRegistrados: 0 })
})

test("asks for no product twice when runs overlap", async () => {
  await keepProducts(30)
  const searchProducts = search()
  const results = await Promise.all([1, 2, 3].map(() => sync({}, testRun(), searchProducts)))
  expect(askedProducts().sort()).toEqual(
    products
      .slice(0, 30)
      .map(({ gtin }) => gtin)
      .sort(),
  )
  expect(results.reduce((sum, { produtosProcessados }) => sum + produtosProcessados, 0)).toBe(30)
})

test("asks for some products, around one market or around a place, when told so", async () => {
  await sync({ productIds: [3, 5], marketId: 3 })
  expect(requests.map(({ query }) => [query.gtin, query.raio])).toEqual(
    expect.arrayContaining([
      [products[2]!.gtin, "2"],
      [products[4]!.gtin, "2"],
    ]),
  )
  expect(askedProducts()).toHaveLength(2)
  // What was asked for around a market is not known of all of them.
  await sync({ productIds: [3], geohash: "6gg4dpecb", radiusKm: 7 })
  expect(requests.at(-1)?.query).toMatchObject({ gtin: products[2]!.gtin, local: "6gg4dpecb", raio: "7" })
})

test("says which of the products named it cannot ask for, and is refused when that is all of them", async () => {
  await keepProducts(3)
  const run = testRun()
  expect(await sync({ productIds: [1, 1, 2, 9] }, run)).toMatchObject({ produtosProcessados: 2 })
  expect(run.said).toContain("1 of the 3 products that were named are not active, or have no barcode")
  const refused = testRun()
  await expect(sync({ productIds: [4, 999] }, refused)).rejects.toThrow(
    new PermanentError("None of the products that were named is active and has a barcode"),
  )
  expect(await findSync(refused.id)).toMatchObject({ status: "failed" })
})

test("asks by every barcode of a product", async () => {
  await pool()`update product_barcodes set product_id = 1 where product_id = 2`
  expect(await sync({ productIds: [1] })).toMatchObject({ produtosProcessados: 1 })
  expect(askedProducts()).toEqual([products[0]!.gtin, products[1]!.gtin])
})

test("a barcode that is not taken costs the product's others nothing, and is told of", async () => {
  await pool()`update product_barcodes set product_id = 1 where product_id = 2`
  world.notaParana.fail({ times: 1, mode: "error", status: 404, gtin: products[0]!.gtin })
  const run = testRun()
  expect(await sync({ productIds: [1] }, run)).toMatchObject({ produtosProcessados: 1 })
  const { found, failed, registered } = (await findSync(run.id))!
  expect([found, failed]).toEqual([1, 0])
  expect(registered).toBeGreaterThan(0)
  expect(run.said).toContain(
    `Not all prices of ${products[0]!.name} are known: Nota Paraná answered with HTTP 404`,
  )
})

test("of a product that takes more than is left of the budget, what was told is stored, and the next begins with another", async () => {
  await pool()`update product_barcodes set product_id = 1 where product_id <= 3`
  await keepProducts(4)
  const first = await sync({ productIds: [1] }, testRun(), search(2))
  expect(first).toMatchObject({ status: "degraded", produtosProcessados: 1 })
  expect((await storedPrices()).length).toBeGreaterThan(0)
  await forgetGuest()
  await sync({}, testRun(), search(1))
  expect(askedProducts().at(-1)).toBe(products[3]!.gtin)
})

test("a product is not said to be sold nowhere when only some of the searches for it were answered", async () => {
  await pool()`update product_barcodes set product_id = 1 where product_id = 2`
  world.notaParana.fail({ times: 1, mode: "empty", gtin: products[0]!.gtin })
  world.notaParana.fail({ times: 1, mode: "error", gtin: products[1]!.gtin })
  const run = testRun()
  await sync({ productIds: [1] }, run)
  expect(await findSync(run.id)).toMatchObject({ found: 0, notFound: 0, failed: 1 })
})

test("is refused where nobody knows where to ask", async () => {
  await expect(sync({ marketId: 99 })).rejects.toThrow(new PermanentError("There is no active market 99"))
  await pool()`update markets set latitude = null, longitude = null`
  await expect(sync({ marketId: 2 })).rejects.toThrow("give market 2 its latitude and longitude")
  await expect(sync()).rejects.toThrow("or send a geohash")
  expect(requests).toEqual([])
})

describe("when Nota Paraná", () => {
  test.each(["poisoned", "html"] as const)(
    "answers with what is %s, it ends degraded and is asked no more, by the next run neither",
    async (mode) => {
      const searchProducts = search()
      world.notaParana.fail({ times: 1_000, mode, gtin: products[30]!.gtin })
      const run = testRun()
      const result = await sync({}, run, searchProducts)
      expect(result).toMatchObject({ status: "degraded", motivo: expect.stringContaining("Nota Paraná") })
      expect(result.precosRegistrados).toBe((await storedPrices()).length)
      expect(result.produtosProcessados).toBeWithin(20, 40)
      expect(await findSync(run.id)).toMatchObject({ status: "degraded", error: result.motivo })
      const asked = requests.length
      expect(asked).toBeLessThan(150)

      expect(await sync({}, testRun(), searchProducts)).toMatchObject({
        status: "degraded",
        produtosProcessados: 0,
        motivo: expect.stringContaining("is not asked until"),
      })
      expect(requests).toHaveLength(asked)
    },
  )

  test("fabricates all answers from some request on, nothing of them is stored", async () => {
    world.notaParana.wall(25)
    const result = await sync()
    expect(result).toMatchObject({ status: "degraded", motivo: expect.stringContaining("fabricated") })
    // One is under way as the other meets the wall.
    expect(requests.length).toBeWithin(26, 28)
    expect((await storedPrices()).length).toBeGreaterThan(0)
  })

  test("may be asked no more today, it ends degraded with the budget, and tomorrow's goes on with the rest", async () => {
    const result = await sync({}, testRun(), search(40))
    expect(requests).toHaveLength(40)
    expect(result).toMatchObject({
      status: "degraded",
      motivo: expect.stringMatching(/is not asked until .*T00:00:00.000Z: the 40 requests of the day/),
    })
    await forgetGuest()
    const rest = await sync()
    expect(rest.produtosProcessados).toBe(products.length - result.produtosProcessados)
    expect(rest.status).toBe("completed")
  })

  test.each([{ mode: "error" }, { mode: "error", status: 404 }, { mode: "truncated" }] as const)(
    "answers some products with %j, these have failed with why, and the others are stored",
    async (failure) => {
      await keepProducts(12)
      for (const index of [2, 6, 10])
        world.notaParana.fail({ times: 1, ...failure, gtin: products[index]!.gtin })
      const run = testRun()
      expect(await sync({}, run)).toMatchObject({ status: "completed", produtosProcessados: 12 })
      const { id, failed } = (await findSync(run.id))!
      expect(failed).toBe(3)
      expect(await failedProducts([id])).toMatchObject(
        [2, 6, 10].map((index) => ({
          productId: index + 1,
          name: products[index]!.name,
          error: expect.stringContaining("Nota Paraná"),
        })),
      )
      expect(askedProducts()).toHaveLength(12)
      expect(run.said.filter((line) => line.startsWith("No prices of"))).toHaveLength(3)
    },
  )

  test("fails for one product after the other, it is left alone", async () => {
    world.notaParana.fail({ times: 1_000, mode: "error", status: 500 })
    const result = await sync()
    expect(result).toMatchObject({
      status: "degraded",
      motivo: expect.stringContaining(
        "products in a row have failed, at last: Nota Paraná answered with HTTP 500",
      ),
    })
    expect(requests.length).toBeWithin(5, 9)
  })

  test("contradicts itself, only what is true is stored, and the rest is counted", async () => {
    await keepProducts(5)
    world.notaParana.fail({ times: 1_000, mode: "contradictory" })
    const run = testRun()
    const result = await sync({}, run)
    expect(result.precosRegistrados).toBeGreaterThan(0)
    expect(result.precosIgnorados).toBeGreaterThan(result.precosRegistrados)
    expect(run.said).toContain("Some rows are no prices")
  })

  test.each(["empty", "no-content"] as const)("answers %s, the products are not found", async (mode) => {
    await keepProducts(5)
    world.notaParana.fail({ times: 1_000, mode })
    expect(await sync()).toMatchObject({
      status: "completed",
      produtosProcessados: 5,
      produtosNaoEncontrados: 5,
      precosRegistrados: 0,
    })
    expect(requests).toHaveLength(5)
  })

  test("is slow, it is waited for", async () => {
    await keepProducts(4)
    world.notaParana.fail({ times: 1_000, mode: "slow", delay: 50 })
    expect(await sync()).toMatchObject({ status: "completed", produtosProcessados: 4 })
  })
})

test("cancelled, it ends at once, and what was stored stays", async () => {
  const stop = new AbortController()
  const run = testRun({ signal: stop.signal })
  const hanging = world.notaParana.fail({ times: 10, mode: "hang", gtin: products[20]!.gtin })
  const running = sync({}, run).catch((error) => error)
  await hanging.met
  expect(await until(async () => ((await findSync(run.id))?.asked ?? 0) >= 20, 10_000)).toBe(true)
  const reason = new RunCancelled("Cancelled by admin: enough")
  const at = performance.now()
  stop.abort(reason)
  expect(await running).toBe(reason)
  expect(performance.now() - at).toBeLessThan(2_000)
  expect(await findSync(run.id)).toMatchObject({ status: "cancelled", error: "Cancelled by admin: enough" })
  expect((await storedPrices()).length).toBeGreaterThan(0)

  // What was under way is anybody's again.
  world.notaParana.forgive()
  const rest = await sync()
  const { asked } = (await findSync(run.id))!
  expect(asked + rest.produtosProcessados).toBe(products.length)
})

test.each([
  ["Redis", new RedisUnavailable(new Error("connection lost")), RetryLater],
  ["PostgreSQL", Object.assign(new Error("closed"), { code: "CONNECTION_CLOSED" }), Error],
])("while %s is away it is not over, and then goes on where it was", async (_, away, kind) => {
  await keepProducts(20)
  const run = testRun()
  const searchProducts = search()
  let answered = 0
  const failing: SearchProducts = async (asked) => {
    answered += 1
    if (answered > 8) throw away
    return await searchProducts(asked)
  }
  const error = await sync({}, run, failing).catch((error) => error)
  expect(error).toBeInstanceOf(kind)
  expect(await findSync(run.id)).toMatchObject({ status: "running" })
  expect(await sync({}, run, searchProducts)).toMatchObject({ status: "completed", produtosProcessados: 20 })
  // What the other lanes were at when one met the outage is asked for once more.
  expect(new Set(askedProducts()).size).toBe(20)
  expect(askedProducts().length).toBeWithin(20, 20 + LANES)
})

test("an error of our own fails it with why, and the next try goes on where it was", async () => {
  await keepProducts(6)
  const run = testRun()
  const broken: SearchProducts = async () => Promise.reject(new TypeError("no such thing"))
  await expect(sync({}, run, broken)).rejects.toThrow("no such thing")
  expect(await findSync(run.id)).toMatchObject({ status: "failed", error: "no such thing" })
  expect(await sync({}, run)).toMatchObject({ status: "completed", produtosProcessados: 6 })
})
