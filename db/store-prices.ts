import type { Offer } from "../lib/offer.ts"
import { matchStores } from "./match-stores.ts"
import type { Db } from "./pool.ts"
import { ensurePartitionsOf } from "./price-partitions.ts"
import { insertPrices } from "./prices.ts"

/** What became of offers. */
export interface Stored {
  /** New prices. */
  registered: number
  /** Those that were stored before, came twice, or are of a barcode that is no product's. */
  ignored: number
}

/** Clocks go wrong; a price of the day after tomorrow is none. */
const AHEAD_AT_MOST = 24 * 3_600_000

/**
 * Store the prices of offers, each once by its source id, and the stores that are new. Once in a transaction: the partition
 * of a month is made here if nobody has, and another session that needs one waits. Throws a RangeError for a price of the future.
 */
export async function storePrices(offers: Offer[], tx: Db): Promise<Stored> {
  const latest = Date.now() + AHEAD_AT_MOST
  for (const { sourceId, observedAt } of offers)
    if (observedAt.getTime() > latest)
      throw new RangeError(
        `Price ${sourceId} is of ${observedAt.toISOString()}, which has not come yet: leave it out`,
      )

  const stores = new Map(offers.map(({ store }) => [store.code, store]))
  await ensurePartitionsOf(
    offers.map(({ observedAt }) => observedAt),
    tx,
  )
  await matchStores([...stores.values()], tx)
  const registered = await insertPrices(offers, tx)
  return { registered, ignored: offers.length - registered }
}
