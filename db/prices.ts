import type { Offer } from "../lib/offer.ts"
import { type Db, pool } from "./pool.ts"
import { asRecord, asText, records } from "./records.ts"

/** What a market asks for a product, as it was seen last. */
export interface LatestPrice {
  marketId: number
  storeCode: string
  priceCents: number
  description: string
  observedAt: Date
}

/**
 * Store prices, in the market their store is matched with, and return how many were new. Those that are stored already are
 * passed over, and so are those of a barcode that is no product's. Their partitions have to be there.
 */
export async function insertPrices(offers: Offer[], db: Db): Promise<number> {
  const inserted = await db`
    insert into prices
      (source_id, observed_at, product_id, market_id, store_code, gtin14, price_cents, description)
    select distinct on (field[1])
      field[1], to_timestamp(field[2]::float8 / 1000), product_id, market_id, field[3], gtin14, field[5]::int, field[6]
    from ${records(offers.map(asRow), db)} as offer
    join product_barcodes on gtin14 = field[4]
    left join market_stores on store_code = field[3]
    order by field[1], field[2]
    on conflict (source_id, observed_at) do nothing
  `
  return inserted.count
}

const asRow = ({ sourceId, observedAt, store, gtin, price, description }: Offer) =>
  asRecord([
    asText(sourceId),
    observedAt.getTime(),
    asText(store.code),
    asText(gtin),
    price,
    asText(description),
  ])

/** Put the prices of stores that had no market into the one they have now. */
export async function adoptPrices(storeCodes: string[], db: Db) {
  await db`
    update prices
    set market_id = store.market_id
    from market_stores as store
    where store.store_code = prices.store_code and prices.store_code = any(${storeCodes}) and prices.market_id is null
  `
}

/** The latest price of a product in each market that has been seen to sell it since then. */
export async function latestPrices(productId: number, since: Date, db: Db = pool()): Promise<LatestPrice[]> {
  return await db<LatestPrice[]>`
    select distinct on (market_id) market_id, store_code, price_cents, description, observed_at
    from prices
    where product_id = ${productId} and market_id is not null and observed_at >= ${since}
    order by market_id, observed_at desc, price_cents
  `
}
