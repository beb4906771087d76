import { fromGeohash } from "../../lib/geohash.ts"
import { toGtin14 } from "../../lib/gtin.ts"
import { type Product, products } from "./products.ts"
import type { Query } from "./query.ts"
import { distance, type Row, rowOf } from "./rows.ts"
import { type Sale, salesOf } from "./sales.ts"
import { shout } from "./shout.ts"
import { stores } from "./stores.ts"

const PAGE = 50

/** Rows of a page that come again on the next, since sales come in while somebody turns the page. */
const OVERLAP = 2

/** An answer to `/produtos`. `total` counts all sales found, of which the rows are only those that differ in shop or price. */
export interface Listing {
  tempo: number
  local: string
  produtos: Row[]
  total: number
  precos: { min: string; max: string }
}

/** What the service finds, or undefined when it does not know the product at all. */
export function search(query: Query, now: number): Listing | undefined {
  const wanted = products.filter((product) => matches(product, query))
  if (wanted.length === 0) return undefined
  const centre = fromGeohash(query.local)
  const near = stores.filter((store) => distance(centre, store) <= query.raio)
  const sales = near
    .flatMap((store) => wanted.flatMap((product) => salesOf(product, store, query.data, now)))
    .sort((one, other) => other.at - one.at)
  const rows = pageOf(differing(sales), sales.length, query.offset)
  return listing(
    query.local,
    rows.map((sale) => rowOf(sale, query.local, now)),
    sales.length,
  )
}

export function listing(local: string, produtos: Row[], total: number): Listing {
  const prices = produtos.map(({ valor }) => Number(valor))
  const [min, max] = prices.length ? [Math.min(...prices), Math.max(...prices)] : [0, 0]
  return { tempo: 12, local, produtos, total, precos: { min: min.toFixed(2), max: max.toFixed(2) } }
}

/** Whether a search finds a product: by its exact GTIN, else by any word of the term, else by its category. */
export function matches(product: Product, { gtin, termo, categoria }: Query): boolean {
  if (categoria && String(product.category) !== categoria) return false
  if (gtin) return toGtin14(gtin) === toGtin14(product.gtin)
  if (!termo) return Boolean(categoria)
  if (/^\d+$/.test(termo)) return product.gtin.includes(termo.replace(/^0+/, ""))
  const words = shout(termo)
    .split(/\s+/)
    .filter((word) => word.length > 2)
  return words.some((word) => shout(`${product.name} ${product.brand}`).includes(word))
}

/** The newest sale of each product for each shop and price. */
function differing(sales: Sale[]): Sale[] {
  const seen = new Set<string>()
  return sales.filter(({ product, store, listed, discount }) => {
    const key = `${product.gtin}/${store.code}/${listed - discount}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** A page of the rows; where all sales fit on one, every page is the first. */
function pageOf(sales: Sale[], total: number, offset: number): Sale[] {
  if (total <= PAGE || offset <= 0) return sales.slice(0, PAGE)
  const start = Math.max(0, offset - OVERLAP)
  return offset >= sales.length ? [] : sales.slice(start, start + PAGE)
}
