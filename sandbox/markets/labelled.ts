import { type Place, toGeohash } from "../../lib/geohash.ts"
import type { Store } from "../../lib/offer.ts"
import { readTable } from "../psv.ts"

/** Markets of Maringá and around as people write them down, by a word for each; some are easily taken for others. */
export const labelledMarkets = () =>
  table("markets.psv").map((market) => ({
    key: market.key!,
    row: {
      name: market.name!,
      legalName: market["legal name"] || null,
      street: market.street!,
      number: market.number || null,
      district: market.district || null,
      city: market.city!,
      uf: "PR",
      latitude: market.latitude ? Number(market.latitude) : null,
      longitude: market.longitude ? Number(market.longitude) : null,
      active: market.active === "yes",
    },
  }))

/** Stores as tills write of them, each with the word of the market it is; null for those that are none. */
export function labelledStores() {
  const places = new Map(labelledMarkets().map(({ key, row }) => [key, row as Place]))
  return table("stores.psv").map((store, index) => ({
    market: store.market === "-" ? null : store.market!,
    store: {
      code: `labelled-${index}`,
      name: store.name!,
      legalName: store["legal name"]!,
      street: store.street!,
      number: store.number!,
      district: store.district!,
      city: store.city!,
      uf: "PR",
      geohash: store.near ? toGeohash(beside(places.get(store.near)!, store), 11) : null,
    } satisfies Store,
  }))
}

const table = (file: string) => readTable(new URL(file, import.meta.url))

const METRES = 111_195

/** So many metres east and north of a place. */
function beside({ latitude, longitude }: Place, { east, north }: Record<string, string>): Place {
  return {
    latitude: latitude + Number(north) / METRES,
    longitude: longitude + Number(east) / (METRES * Math.cos((latitude * Math.PI) / 180)),
  }
}
