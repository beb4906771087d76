import { isGeohash } from "../../../lib/geohash.ts"
import { printedGtin, toGtin14 } from "../../../lib/gtin.ts"
import type { Offer } from "../../../lib/offer.ts"
import type { DropReason } from "./drop-reason.ts"
import { leavesTold, NotaParanaError } from "./errors.ts"
import { createHarvest } from "./harvest.ts"
import { type Page, readPage } from "./page.ts"
import { type RequestOptions, request } from "./request.ts"

/** Lets a request be made when it may, or throws; see `createGuest`. */
export type Guest = <T>(ask: () => Promise<T>, signal: AbortSignal) => Promise<T>

interface ClientOptions extends Partial<RequestOptions> {
  /** Up to and with `/api/v1`. */
  baseUrl: string
  userAgent: string
  /** What every single request passes through. */
  guest: Guest
  now?: () => number
}

export interface Search {
  /** As digits, however padded. */
  gtin: string
  /** Where to search around. */
  geohash: string
  radiusKm: number
  /** How far back, 0 being today; 60 when not set. */
  days?: number
  /** Pages, and so requests, at most; three unless fewer are wanted. */
  pages?: number
  signal: AbortSignal
}

export interface Found {
  /** Each once, in the order of Nota Paraná. */
  offers: Offer[]
  /** Rows that are no offers, by why. */
  dropped: Partial<Record<DropReason, number>>
  /** Pages that were read. */
  pages: number
  /** Why there may be more on a page that could not be had; what was on those before is here. */
  incomplete?: NotaParanaError
}

/** Milliseconds that Nota Paraná has to answer: its other clients give it ten seconds to a minute. */
const PATIENCE = 20_000

const MOST_PAGES = 3

/** Nobody says where the days begin that a search looks back, so one more is let pass. */
const DAY = 86_400_000

/**
 * A client of the JSON behind Nota Paraná's "Menor Preço". It is not documented; what is known of it was found by others'
 * clients, and stands in for documentation in the simulator.
 */
export function createNotaParana(options: ClientOptions) {
  const { baseUrl, guest, now = Date.now } = options
  const how = { timeout: PATIENCE, fetch: globalThis.fetch, ...options }

  const readFrom = (offset: number, { signal, ...search }: Search): Promise<Page> =>
    guest(async () => {
      const body = await request(urlOf(baseUrl, search, offset), how, signal)
      return readPage(body, search.geohash)
    }, signal)

  return {
    /**
     * What a product costs around a place. Throws a NotaParanaError when there is no telling, RangeError for a search that is
     * none, and the signal's reason. Nothing is returned of a search any page of which was fabricated.
     */
    async searchProducts(search: Search): Promise<Found> {
      const { days = 60, pages: most = MOST_PAGES } = search
      const gtin = checkedGtin({ ...search, days })
      const harvest = createHarvest({ gtin, since: now() - (days + 1) * DAY, now: now() })
      const found: Found = { offers: harvest.offers, dropped: harvest.dropped, pages: 0 }
      for (let offset = 0; found.pages < Math.min(most, MOST_PAGES); ) {
        const page = await readFrom(offset, { ...search, days }).catch((error) =>
          found.pages > 0 && leavesTold(error) ? error : Promise.reject(error),
        )
        if (page instanceof NotaParanaError) return { ...found, incomplete: page }
        found.pages += 1
        offset += page.rows.length
        // Pages overlap; one without anything new is the last, or the first again.
        if (harvest.take(page.rows) === 0 || harvest.size() >= page.total) break
      }
      return found
    },
  }
}

/** In the form that its other clients ask in: with the GTIN as the term as well, and no sort order, which is ignored. */
function urlOf(baseUrl: string, { gtin, geohash, radiusKm, days }: Omit<Search, "signal">, offset: number) {
  const url = new URL(`${baseUrl.replace(/\/+$/, "")}/produtos`)
  const printed = printedGtin(gtin.padStart(14, "0"))
  const parameters = {
    local: geohash,
    termo: printed,
    offset,
    raio: radiusKm,
    data: days,
    ordem: 0,
    gtin: printed,
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value))
  return url
}

function checkedGtin({ gtin, geohash, days = 0 }: Search): string {
  const gtin14 = toGtin14(gtin)
  if (gtin14 === undefined)
    throw new RangeError(`"${gtin}" is no GTIN: 8 to 14 digits, the last a check digit`)
  if (!isGeohash(geohash)) throw new RangeError(`"${geohash}" is no geohash, such as 6gg4dpecb`)
  if (days < 0) throw new RangeError(`${days} is no number of days to look back`)
  return gtin14
}
