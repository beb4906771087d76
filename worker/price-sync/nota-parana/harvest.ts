import type { Offer } from "../../../lib/offer.ts"
import type { DropReason } from "./drop-reason.ts"
import { sourceIdOf, toOffer, type Wanted } from "./normalise.ts"
import type { Row } from "./row.ts"

/** What a search has brought so far: offers, each once, and how many rows were none for which reason. */
export function createHarvest(wanted: Wanted) {
  const seen = new Set<string>()
  const offers: Offer[] = []
  const dropped: Partial<Record<DropReason, number>> = {}

  return {
    offers,
    dropped,
    /** Rows that have come, without those that came again. */
    size: () => seen.size,
    /** Take a page's rows in; tells how many of them are new. */
    take(rows: readonly (Row | undefined)[]): number {
      const before = seen.size
      for (const row of rows) {
        const key = (row && sourceIdOf(row)) ?? JSON.stringify(row ?? null)
        if (seen.has(key)) continue
        seen.add(key)
        const offer = toOffer(row, wanted)
        if (typeof offer === "string") dropped[offer] = (dropped[offer] ?? 0) + 1
        else offers.push(offer)
      }
      return seen.size - before
    },
  }
}
