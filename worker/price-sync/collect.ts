import { pool } from "../../db/pool.ts"
import { claimProduct, releaseProduct } from "../../db/price-sync-claims.ts"
import { noteAsked } from "../../db/price-sync-products.ts"
import type { PriceSync } from "../../db/price-syncs.ts"
import type { WantedProduct } from "../../db/products.ts"
import type { Run } from "../run.ts"
import { createTurns } from "../turns.ts"
import { addTo, askFor, type SearchProducts, spentIn, type Told } from "./ask.ts"
import { inLanes } from "./lanes.ts"
import { Blocked, BudgetSpent, CircuitOpen, NotaParanaError } from "./nota-parana/errors.ts"
import { type Area, nameOf } from "./places.ts"
import { storeTold } from "./store.ts"

/** Products under way at a time: as some are asked for, what was told of others is stored. */
export const LANES = 4

/** Products that fail one after the other until none is asked for any more: it is then not for the products that they fail. */
const MOST_IN_A_ROW = 5

interface Collection {
  sync: PriceSync
  products: WantedProduct[]
  areas: Area[]
  /** Whether to ask also for what is known. */
  force: boolean
  searchProducts: SearchProducts
  /** Hears of every product that is done with, and how many are left. */
  onDone: (product: WantedProduct, left: number) => Promise<void>
}

/**
 * Ask for products, and store each as soon as it is answered. Returns why not all could be asked for, if so. Throws what is
 * no answer of Nota Paraná's, once nothing is under way any more.
 */
export async function collect(collection: Collection, run: Run): Promise<string | undefined> {
  const { sync, products, areas, force, searchProducts, onDone } = collection
  const claimed = { runId: run.id, places: nameOf(areas) }
  // The pool has one connection for each run.
  const inTurn = createTurns()
  const dropped: Told["dropped"] = {}
  let left = products.length
  let inARow = 0
  let ended: string | undefined

  async function fetchOne(product: WantedProduct, signal: AbortSignal) {
    const isMine = await inTurn(() => claimProduct({ ...claimed, productId: product.id }, force))
    if (!isMine) return
    const told = await askFor(product, areas, searchProducts, signal)
    await inTurn(() => storeTold(sync.id, product.id, told))
    inARow = 0
    addTo(dropped, told.dropped)
    for (const error of told.incomplete)
      run.log(`Not all prices of ${product.name} are known: ${error.message}`)
    ended ??= spentIn(told)?.message
  }

  async function noteFailure({ id, name }: WantedProduct, { message }: NotaParanaError) {
    run.log(`No prices of ${name}: ${message}`)
    await inTurn(() => noteAsked(sync.id, [{ productId: id, outcome: "failed", error: message }], pool()))
    inARow += 1
    if (inARow >= MOST_IN_A_ROW) ended ??= `${inARow} products in a row have failed, at last: ${message}`
  }

  /** One that cannot be given up runs out by itself. */
  const giveUp = ({ id }: WantedProduct) =>
    inTurn(() => releaseProduct({ ...claimed, productId: id })).catch((error: Error) =>
      run.log(`A claim could not be given up: ${error.message}`),
    )

  await inLanes(products, { lanes: LANES, signal: run.signal }, async (product, signal) => {
    if (ended) return
    try {
      await fetchOne(product, signal)
    } catch (error) {
      if (isOfProduct(error)) await noteFailure(product, error)
      else {
        await giveUp(product)
        if (!(error instanceof NotaParanaError)) throw error
        ended ??= error.message
        return
      }
    }
    left -= 1
    const stillLeft = left
    await inTurn(() => onDone(product, stillLeft))
  })
  if (Object.keys(dropped).length) run.log("Some rows are no prices", dropped)
  return ended
}

/** Whether other products may be asked for all the same. */
const isOfProduct = (error: unknown): error is NotaParanaError =>
  error instanceof NotaParanaError &&
  !(error instanceof Blocked || error instanceof CircuitOpen || error instanceof BudgetSpent)
