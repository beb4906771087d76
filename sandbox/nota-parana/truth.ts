import { toGtin14 } from "../../lib/gtin.ts"
import { products } from "./products.ts"
import { salesOf } from "./sales.ts"
import { stores } from "./stores.ts"

/** A price as it is stored. */
interface Price {
  sourceId: string
  gtin14: string
  storeCode: string
  priceCents: number
  observedAt: Date
}

/** Every sale that the service knows of, by its id. */
const sales = (now: number) =>
  new Map(
    products.flatMap((product) =>
      stores.flatMap((store) => salesOf(product, store, -1, now).map((sale) => [sale.id, sale] as const)),
    ),
  )

/** Those of these prices that are not what somebody has paid, to the cent and the second. */
export function untrue<Row extends Price>(prices: Row[], now = Date.now()): Row[] {
  const known = sales(now)
  return prices.filter(({ sourceId, gtin14, storeCode, priceCents, observedAt }) => {
    const sale = known.get(sourceId)
    return (
      !sale ||
      toGtin14(sale.product.gtin) !== gtin14 ||
      sale.store.code !== storeCode ||
      sale.listed - sale.discount !== priceCents ||
      Math.floor(sale.at / 1_000) !== Math.floor(observedAt.getTime() / 1_000)
    )
  })
}
