import { draw, opaque } from "./draw.ts"
import type { Product } from "./products.ts"
import type { Store } from "./stores.ts"

const DAY = 86_400_000

/** Milliseconds until a sale is known to the service. */
const DELAY = 120_000

/** Days for which the service knows of sales. */
const HISTORY = 90

/** A product on a fiscal note: what it was to cost, and what was taken off, in cents. */
export interface Sale {
  id: string
  document: string
  product: Product
  store: Store
  at: number
  listed: number
  discount: number
}

/**
 * The sales of a product in a shop, oldest first, of the last `days` (all with -1; 0 is today). They are drawn from the day,
 * so that whoever asks again, with whatever question, finds the same.
 */
export function salesOf(product: Product, store: Store, days: number, now: number): Sale[] {
  if (!sells(store, product)) return []
  const today = Math.floor(now / DAY)
  const first = today - (days < 0 ? HISTORY : Math.min(days, HISTORY))
  const likely = 0.03 + 0.6 * draw("likely", product.gtin) ** 2
  const sales: Sale[] = []
  for (let day = first; day <= today; day += 1) {
    if (draw("sold", store.code, product.gtin, day) >= likely) continue
    const sale = saleOn(day, product, store)
    if (sale.at <= now - DELAY) sales.push(sale)
  }
  return sales
}

/** Whether the service has ever heard of a product being sold; of some it has not. */
const isSold = ({ gtin }: Product) => draw("sold at all", gtin) >= 0.04

function sells(store: Store, product: Product): boolean {
  if (store.shelves && !store.shelves.includes(product.category)) return false
  return isSold(product) && draw("sells", store.code, product.gtin) < 0.8
}

function saleOn(day: number, product: Product, store: Store): Sale {
  const sold = [store.code, product.gtin, day]
  return {
    id: opaque(40, "note", ...sold),
    document: String(Math.floor(draw("document", ...sold) * 1e9)).padStart(9, "0"),
    product,
    store,
    at: day * DAY + Math.floor(draw("time", ...sold) * DAY),
    ...priceOn(day, product, store),
  }
}

/** Prices stand for four weeks; those of some products for one, and of a few for a day. */
function priceOn(day: number, { gtin, cents }: Product, { code }: Store) {
  const restless = draw("restless", gtin)
  const period = Math.floor(day / (restless < 0.05 ? 1 : restless < 0.15 ? 7 : 28))
  const level = 0.92 + 0.16 * draw("level", code)
  const change = 0.93 + 0.14 * draw("change", code, gtin, period)
  const listed = Math.round((cents * level * change) / 10) * 10 - 1
  const isOffer = draw("offer", code, gtin, period) < 0.12
  return {
    listed,
    discount: isOffer ? Math.round(listed * (0.05 + 0.15 * draw("off", code, gtin, period))) : 0,
  }
}
