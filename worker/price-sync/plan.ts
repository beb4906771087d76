import { activeMarkets } from "../../db/markets.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { JobNamed, JobPayload } from "../../lib/jobs/index.ts"
import { type Area, areasAround } from "./places.ts"

export type PriceSyncPayload = JobPayload<JobNamed<"price-sync">>

/** Kilometres around markets, and around a single one. */
const AROUND_ALL = 20
const AROUND_ONE = 2

/** Where a sync asks. Throws PermanentError when that is nowhere. */
export async function planAreas({ marketId, geohash, radiusKm }: PriceSyncPayload): Promise<Area[]> {
  const markets = await activeMarkets(marketId ?? null)
  if (marketId !== undefined && !markets.length)
    throw new PermanentError(`There is no active market ${marketId}`)
  const radius = radiusKm ?? (marketId === undefined ? AROUND_ALL : AROUND_ONE)
  const areas = geohash === undefined ? areasAround(markets, radius) : [{ geohash, radiusKm: radius }]
  if (areas.length) return areas
  throw new PermanentError(
    `Nobody knows where to ask for prices: give ${marketId === undefined ? "a market" : `market ${marketId}`} its latitude and longitude, or send a geohash`,
  )
}
