import { pool } from "../../db/pool.ts"
import { emptyPrices } from "../../db/testing.ts"
import { seedPrices } from "../../sandbox/demo/prices.ts"
import { untrue } from "../../sandbox/nota-parana/truth.ts"
import { world } from "../../sandbox/testing.ts"
import { forgetGuest } from "./guest/testing.ts"

/** The demo's markets and products, and nothing known of their prices; a simulator that has been asked nothing. */
export async function seedSync() {
  await emptyPrices()
  await seedPrices(pool())
  await forgetGuest()
  world.notaParana.forgive()
  world.notaParana.wall(null)
  world.notaParana.requests.length = 0
}

/** Have no more than so many products. */
export const keepProducts = (count: number) => pool()`update products set active = id <= ${count}`

interface Stored {
  sourceId: string
  productId: number
  marketId: number | null
  gtin14: string
  storeCode: string
  priceCents: number
  observedAt: Date
}

/** Every price there is. */
export const storedPrices = () => pool()<Stored[]>`
  select source_id, product_id, market_id, gtin14, store_code, price_cents, observed_at
  from prices
  order by source_id
`

/** Those stored that nobody has paid: none, whatever Nota Paraná has answered. */
export const falsePrices = async () => untrue(await storedPrices())

/** The GTIN of each first page that was asked for, in order. */
export const askedProducts = () =>
  world.notaParana.requests.filter(({ query }) => query.offset === "0").map(({ query }) => query.gtin!)
