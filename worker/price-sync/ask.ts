import type { WantedProduct } from "../../db/products.ts"
import type { Offer } from "../../lib/offer.ts"
import type { Found, Search } from "./nota-parana/client.ts"
import type { DropReason } from "./nota-parana/drop-reason.ts"
import { BudgetSpent, leavesTold, NotaParanaError, Rejected } from "./nota-parana/errors.ts"
import type { Area } from "./places.ts"

/** Asks Nota Paraná for a product's prices. */
export type SearchProducts = (search: Search) => Promise<Found>

/** All that Nota Paraná has told of a product. */
export interface Told {
  offers: Offer[]
  /** Rows that are no offers. */
  dropped: Partial<Record<DropReason, number>>
  /** Why some of it is missing. */
  incomplete: NotaParanaError[]
}

/**
 * Ask for a product by each of its barcodes in each of the areas. A search that is not taken costs the others nothing; after any
 * other that fails no more are made. What was told before stands. Throws as a single search does when nothing was.
 */
export async function askFor(
  { gtins }: WantedProduct,
  areas: Area[],
  searchProducts: SearchProducts,
  signal: AbortSignal,
): Promise<Told> {
  const told: Told = { offers: [], dropped: {}, incomplete: [] }
  for (const gtin of gtins)
    for (const area of areas) {
      const found = await searchProducts({ gtin, ...area, signal }).catch((error) =>
        leavesTold(error) ? error : Promise.reject(error),
      )
      if (!(found instanceof NotaParanaError)) add(found, told)
      else {
        told.incomplete.push(found)
        if (!(found instanceof Rejected)) return orWhyNothing(told)
      }
    }
  return orWhyNothing(told)
}

function add({ offers, dropped, incomplete }: Found, told: Told) {
  told.offers.push(...offers)
  addTo(told.dropped, dropped)
  if (incomplete) told.incomplete.push(incomplete)
}

/** Of a product of which a search has failed, and no other has found any, nothing is known: not that it is sold nowhere. */
function orWhyNothing(told: Told): Told {
  const { offers, dropped, incomplete } = told
  const isTold = offers.length > 0 || Object.keys(dropped).length > 0
  if (isTold || incomplete.length === 0) return told
  throw incomplete.at(-1)
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
