import { afterEach, beforeEach, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { priceSync } from "../../lib/jobs/price-sync.ts"
import { queueClient, queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { products } from "../../sandbox/nota-parana/products.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { testRun } from "../testing.ts"
import { openNotaParana } from "./nota-parana.ts"
import { syncPrices } from "./sync.ts"
import { askedProducts, falsePrices, seedSync, storedPrices } from "./testing.ts"

const KILLS = 20
const SEED = 304
const PATIENCE = 60_000

/** Products that a worker has under way at most. */
const LANES = 4

/** Milliseconds that the second half of an answer takes: long enough that workers are met in the middle. */
const SLOWNESS = 30

/** Milliseconds until the service knows of a sale, and a little more. */
const NEWS = 180_000

let worker: Service

beforeEach(seedSync)
afterEach(async () => {
  world.notaParana.forgive()
  await worker.stop()
  await queueOf(priceSync).obliterate({ force: true })
})

const start = () =>
  startService([process.execPath, "worker/main.ts"], {
    WORKER_QUEUES: "price-sync",
    LOCK_DURATION: "500",
    STALLED_INTERVAL: "300",
    MAX_STALLED_COUNT: "1000",
    NOTA_PARANA_DAILY_BUDGET: "10000",
    NOTA_PARANA_PAUSE: "1",
  })

test(`killed at ${KILLS} random points, a sync loses nothing, doubles nothing, and asks again for nothing that it has stored`, async () => {
  const { requests } = world.notaParana
  const random = createRandom(SEED)
  const began = Date.now()
  world.notaParana.fail({ times: 1_000_000, mode: "slow", delay: SLOWNESS })
  worker = await start()
  const { id } = await enqueue(priceSync, {})
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const asked = requests.length + Math.floor((random() * 2 * products.length) / (KILLS + 5))
    expect(await until(() => requests.length > asked, PATIENCE)).toBe(true)
    await Bun.sleep(random() * 2 * SLOWNESS)
    worker.signal("SIGKILL")
    await worker.ended
    worker = await start()
  }
  // Not killed when it was over already.
  expect((await findRun(priceSync, id))?.status).toBe("active")
  expect(await until(async () => (await findRun(priceSync, id))?.status === "completed", PATIENCE)).toBe(true)

  const prices = await storedPrices()
  expect((await findRun(priceSync, id))?.returnValue).toMatchObject({
    status: "completed",
    produtosProcessados: products.length,
    precosRegistrados: prices.length,
  })
  expect(await falsePrices()).toEqual([])
  expect(new Set(prices.map(({ sourceId }) => sourceId)).size).toBe(prices.length)

  // What was under way at a kill had no answer stored, and was asked for again; anything else was not.
  const storedAt = new Map(
    (
      await pool()<{ gtin14: string; at: number }[]>`
        select gtin14, extract(epoch from asked_at)::float8 * 1000 as at
        from price_sync_products
        join product_barcodes using (product_id)
      `
    ).map(({ gtin14, at }) => [gtin14, at]),
  )
  const askedLater = requests.filter(({ at, query }) => at > storedAt.get(query.gtin!.padStart(14, "0"))!)
  expect(askedLater).toEqual([])
  const askedAgain = askedProducts().length - products.length
  expect(askedAgain).toBeWithin(1, KILLS * LANES + 1)

  // A sync that nobody disturbs finds nothing that was there to be found.
  world.notaParana.forgive()
  process.env.NOTA_PARANA_DAILY_BUDGET = "10000"
  const { searchProducts } = openNotaParana(queueClient())
  delete process.env.NOTA_PARANA_DAILY_BUDGET
  await syncPrices({ forceUpdate: true }, testRun(), searchProducts)
  const known = new Set(prices.map(({ sourceId }) => sourceId))
  const missed = (await storedPrices()).filter(
    ({ sourceId, observedAt }) => !known.has(sourceId) && observedAt.getTime() < began - NEWS,
  )
  expect(missed).toEqual([])
}, 300_000)
