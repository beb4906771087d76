import { toGeohash } from "../lib/geohash.ts"
import { toGtin14 } from "../lib/gtin.ts"
import type { Offer, Store } from "../lib/offer.ts"

/** A market as its table has it. */
export interface Market {
  name: string
  legalName: string
  street: string
  number: string
  city: string
  uf: string
  latitude: number
  longitude: number
}

/** What follows is drawn from a seed: the same in each run. */
function draw(seed: number) {
  let state = seed
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return { next, of: <T>(all: readonly T[]) => all[next(all.length)]! }
}

const SYLLABLES =
  "ma rin gá pa ra ná ti ba gi cam bé ro lân dia ja can dé ibi po rã sa ran di co lom bo".split(" ")
const FIRST = ["Supermercado", "Mercado", "Super", "Mercearia", "Hipermercado", "Atacado"]
const KINDS = ["Avenida", "Rua", "Rua Pioneiro", "Avenida Prefeito", "Rua Doutor"]

/** Markets of chains and others, a third of them in one town. */
export function drawMarkets(count: number): Market[] {
  const { next, of } = draw(7)
  const word = () => {
    const text = Array.from({ length: 2 + next(2) }, () => of(SYLLABLES)).join("")
    return text[0]!.toUpperCase() + text.slice(1)
  }
  const cities = Array.from({ length: 30 }, word)
  const chains = Array.from({ length: count / 4 }, () => `${word()} ${word()}`)
  const streets = Array.from({ length: 400 }, () => `${of(KINDS)} ${word()} ${word()}`)
  return Array.from({ length: count }, () => {
    const chain = of(chains)
    const city = next(3) ? next(cities.length) : 0
    return {
      name: `${of(FIRST)} ${chain}`,
      legalName: `${chain} Comércio de Alimentos Ltda`,
      street: of(streets),
      number: String(1 + next(9_000)),
      city: cities[city]!,
      uf: "PR",
      latitude: -23.4 - (city % 6) / 5 - next(1_000) / 10_000,
      longitude: -51.9 - Math.floor(city / 6) / 5 - next(1_000) / 10_000,
    }
  })
}

const till = (text: string) =>
  text
    .normalize("NFD")
    .replaceAll(/\p{Diacritic}/gu, "")
    .toUpperCase()
    .replace("AVENIDA", "AV")
    .replace("RUA", "R")
    .replace("SUPERMERCADO", "SUPERM")

/** Stores as tills write: the first as many as there are markets are these, the others their neighbours and namesakes. */
export function drawStores(count: number, markets: Market[]): Store[] {
  const { next, of } = draw(11)
  return Array.from({ length: count }, (_, index) => {
    const market = markets[index] ?? of(markets)
    const same = index < markets.length
    const place = same ? market : of(markets)
    return {
      code: `store-${index}`,
      name: till(market.name),
      legalName: till(market.legalName),
      street: till(place.street),
      number: same ? place.number : String(1 + next(9_000)),
      district: "CENTRO",
      city: till(place.city),
      uf: "PR",
      geohash: next(5) ? toGeohash(place, 11) : null,
    }
  })
}

/** So many GTINs. */
export const drawGtins = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const stem = String(789_000_000_000 + index)
    return Array.from({ length: 10 }, (_, digit) => toGtin14(`${stem}${digit}`)).find((gtin14) => gtin14)!
  })

/** Prices seen in the last 60 days. */
export function drawOffers(count: number, stores: Store[], gtins: string[]): Offer[] {
  const { next, of } = draw(13)
  const now = Date.now()
  return Array.from({ length: count }, (_, index) => ({
    sourceId: `${crypto.randomUUID()}-${index}`,
    gtin: of(gtins),
    ncm: "10063021",
    price: 1 + next(10_000),
    discount: 0,
    distance: null,
    observedAt: new Date(now - 1_000 * next(60 * 86_400)),
    description: "ARROZ BRANCO TIPO 1 PE VERMELHO 5KG",
    store: of(stores),
  }))
}
