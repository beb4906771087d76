import { pool } from "../db/pool.ts"
import { emptyPrices } from "../db/testing.ts"
import { closeQueues, closeRedis, queueClient } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { seedPrices } from "../sandbox/demo/prices.ts"
import { openNotaParana } from "../worker/price-sync/nota-parana.ts"
import { syncPrices } from "../worker/price-sync/sync.ts"
import { testRun } from "../worker/testing.ts"
import { child } from "./children.ts"

/** Requests that a guest has under way at a time. */
const PARALLEL = 2

/** Time of price syncs of the demo's 120 products, as many times their ideal: nothing but requests, so many at a time. */
export async function measureSyncs(rounds: number, latency: number): Promise<number[]> {
  const simulator = child<{ url: string; api: string }>("nota-parana.ts", {}, [String(latency)])
  const { url, api } = await simulator.next()
  Object.assign(process.env, {
    NOTA_PARANA_URL: api,
    NOTA_PARANA_PAUSE: "0",
    NOTA_PARANA_DAILY_BUDGET: "1000000",
    LOG_LEVEL: "silent",
  })
  await untilReady(queueClient())
  const { searchProducts } = openNotaParana(queueClient())
  const ratios: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    await emptyPrices()
    await seedPrices(pool())
    await fetch(`${url}/sandbox/requests`, { method: "DELETE" })
    const began = performance.now()
    const { status } = await syncPrices({ forceUpdate: false }, testRun(), searchProducts)
    const took = performance.now() - began
    if (status !== "completed") throw new Error(`The sync has ended ${status}`)
    const calls = ((await (await fetch(`${url}/sandbox/requests`)).json()) as unknown[]).length
    // The first round warms up.
    if (round > 0) ratios.push(took / ((calls * latency) / PARALLEL))
  }
  await simulator.stop()
  await closeQueues()
  await closeRedis()
  return ratios
}
