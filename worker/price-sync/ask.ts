import type { WantedProduct } from "../../db/products.ts"
import type { Offer } from "../../lib/offer.ts"
import type { Found, Search } from "./nota-parana/client.ts"
import type { DropReason } from "./nota-parana/drop-reason.ts"
import { BudgetSpent, type NotaParanaError } from "./nota-parana/errors.ts"
import type { Area } from "./places.ts"

/** Asks Nota Paraná for a product's prices. */
export type SearchProducts = (search: Search) => Promise<Found>

/** All that Nota Paraná has told of a product. */
export interface Told {
  offers: Offer[]
  /** Rows that are no offers. */
  dropped: Partial<Record<DropReason, number>>
  /** Why pages are missing. */
  incomplete: NotaParanaError[]
}

/** Ask for a product by each of its barcodes in each of the areas. Throws as a single search does; nothing is told then. */
export async function askFor(
  { gtins }: WantedProduct,
  areas: Area[],
  searchProducts: SearchProducts,
  signal: AbortSignal,
): Promise<Told> {
  const told: Told = { offers: [], dropped: {}, incomplete: [] }
  for (const gtin of gtins)
    for (const area of areas) {
      const { offers, dropped, incomplete } = await searchProducts({ gtin, ...area, signal })
      told.offers.push(...offers)
      addTo(told.dropped, dropped)
      if (incomplete) told.incomplete.push(incomplete)
    }
  return told
}

/** Add counts to others. */
export function addTo<Key extends string>(
  counts: Partial<Record<Key, number>>,
  more: Partial<Record<Key, number>>,
) {
  for (const [key, count] of Object.entries(more) as [Key, number][]) counts[key] = (counts[key] ?? 0) + count
}

/** The spent budget among what is missing: nothing more can be asked. */
export const spentIn = ({ incomplete }: Told) => incomplete.find((error) => error instanceof BudgetSpent)
