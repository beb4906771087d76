import { pool } from "../../db/pool.ts"
import { noteAsked } from "../../db/price-sync-products.ts"
import { storePrices } from "../../db/store-prices.ts"
import type { Told } from "./ask.ts"

/** Store what was told of a product, and that it was asked for, in one transaction: neither is there without the other. */
export async function storeTold(syncId: number, productId: number, { offers, dropped }: Told) {
  const rejected = Object.values(dropped).reduce((sum, count) => sum + count, 0)
  await pool().begin(async (tx) => {
    if (offers.length + rejected === 0)
      return await noteAsked(syncId, [{ productId, outcome: "not-found" }], tx)
    const { registered, ignored } = await storePrices(offers, tx)
    await noteAsked(syncId, [{ productId, outcome: "found", registered, ignored: ignored + rejected }], tx)
  })
}
