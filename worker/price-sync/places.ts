import type { Market } from "../../db/markets.ts"
import { type Place, toGeohash } from "../../lib/geohash.ts"

/** Where products are asked for. */
export interface Area {
  geohash: string
  radiusKm: number
}

/** As a sync is known by: two that ask in the same areas ask for the same. */
export const nameOf = (areas: Area[]) =>
  areas
    .map(({ geohash, radiusKm }) => `${geohash}/${radiusKm}`)
    .sort()
    .join(" ")

/**
 * Areas around markets, so few that each market with a known place is in one: every area costs a request for every product.
 * Those that most markets are in come first.
 */
export function areasAround(markets: Market[], radiusKm: number): Area[] {
  const areas: Area[] = []
  let left = markets.filter(isPlaced)
  while (left.length) {
    const around = left.map((centre) => left.filter((market) => distance(centre, market) <= radiusKm))
    const most = Math.max(...around.map(({ length }) => length))
    const index = around.findIndex(({ length }) => length === most)
    areas.push({ geohash: toGeohash(left[index]!), radiusKm })
    const covered = new Set(around[index])
    left = left.filter((market) => !covered.has(market))
  }
  return areas
}

const isPlaced = (market: Market): market is Market & Place =>
  market.latitude !== null && market.longitude !== null

const KM_A_DEGREE = 111.195

/** Kilometres, good enough within a state. */
function distance(one: Place, other: Place) {
  const north = one.latitude - other.latitude
  const east = (one.longitude - other.longitude) * Math.cos((one.latitude * Math.PI) / 180)
  return KM_A_DEGREE * Math.hypot(north, east)
}
