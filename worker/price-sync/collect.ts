import { pool } from "../../db/pool.ts"
import { claimProduct, releaseProduct } from "../../db/price-sync-claims.ts"
import { noteAsked } from "../../db/price-sync-products.ts"
import type { PriceSync } from "../../db/price-syncs.ts"
import type { WantedProduct } from "../../db/products.ts"
import type { Run } from "../run.ts"
import { addTo, askFor, type SearchProducts, spentIn, type Told } from "./ask.ts"
import { Blocked, BudgetSpent, CircuitOpen, NotaParanaError } from "./nota-parana/errors.ts"
import { type Area, nameOf } from "./places.ts"

/** Products under way at a time: as some are asked for, what was told of others is stored. */
const LANES = 4

/** Products that fail one after the other until none is asked for any more: it is then not for the products that they fail. */
const MOST_IN_A_ROW = 5

interface Collection {
  sync: PriceSync
  products: WantedProduct[]
  areas: Area[]
  force: boolean
  searchProducts: SearchProducts
  store: (product: WantedProduct, told: Told) => Promise<void>
  /** Hears of every product that is done with, and how many are left. */
  onDone: (product: WantedProduct, left: number) => void
  /** Called when nothing is left to be asked for, and no more than a few answers to be stored. */
  onDrained: () => Promise<void>
}

/**
 * Ask for products, and store each as soon as it is answered. Returns why not all could be asked for, if so. Throws what is
 * no answer of Nota Paraná's, once nothing is under way any more.
 */
export async function collect(collection: Collection, run: Run): Promise<string | undefined> {
  const { sync, products, areas, force, searchProducts, store, onDone, onDrained } = collection
  const places = nameOf(areas)
  const broken = new AbortController()
  const signal = AbortSignal.any([run.signal, broken.signal])
  const queue = products.values()
  const dropped: Told["dropped"] = {}
  let left = products.length
  let inARow = 0
  let drained: Promise<void> | undefined
  let ended: string | undefined

  async function fetchOne(product: WantedProduct) {
    if (!(await claimProduct({ productId: product.id, runId: run.id, places }, force))) return
    const told = await askFor(product, areas, searchProducts, signal)
    await store(product, told)
    inARow = 0
    addTo(dropped, told.dropped)
    for (const error of told.incomplete) run.log(`Pages of ${product.name} are missing: ${error.message}`)
    ended ??= spentIn(told)?.message
  }

  async function unasked({ id }: WantedProduct, error: NotaParanaError) {
    ended ??= error.message
    await releaseProduct({ productId: id, runId: run.id, places })
  }

  async function failed({ id, name }: WantedProduct, error: NotaParanaError) {
    run.log(`No prices of ${name}: ${error.message}`)
    await noteAsked(sync.id, [{ productId: id, outcome: "failed", error: error.message }], pool())
    inARow += 1
    if (inARow >= MOST_IN_A_ROW)
      ended ??= `${inARow} products in a row have failed, at last: ${error.message}`
  }

  async function lane() {
    for (const product of queue) {
      signal.throwIfAborted()
      if (ended) return
      try {
        await fetchOne(product)
      } catch (error) {
        if (endsAll(error)) await unasked(product, error)
        else if (error instanceof NotaParanaError) await failed(product, error)
        else throw error
        if (ended) return
      }
      left -= 1
      onDone(product, left)
    }
    drained ??= onDrained()
    await drained
  }

  const lanes = Array.from({ length: LANES }, () =>
    lane().catch((error) => {
      // The others are not to go on behind the back of who hears of this.
      broken.abort(error)
      throw error
    }),
  )
  await Promise.allSettled(lanes)
  await Promise.all(lanes)
  if (Object.keys(dropped).length) run.log("Some rows are no prices", dropped)
  return ended
}

/** Whether nothing more may be asked, of any product. */
const endsAll = (error: unknown): error is NotaParanaError =>
  error instanceof Blocked || error instanceof CircuitOpen || error instanceof BudgetSpent
