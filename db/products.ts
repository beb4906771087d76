import { type Db, pool } from "./pool.ts"

/** A product whose prices are wanted, with its barcodes as GTIN-14. */
export interface WantedProduct {
  id: number
  name: string
  gtins: string[]
}

/**
 * Products that a sync has not asked for yet, all or of these alone, those first that no sync has asked for longest: a budget that does not
 * reach for all of them reaches for each in turn. What has failed is asked for again.
 */
export async function productsToAsk(
  syncId: number,
  only: number[] | null = null,
  db: Db = pool(),
): Promise<WantedProduct[]> {
  return await db<WantedProduct[]>`
    select product.id, product.name, array_agg(barcode.gtin14 order by barcode.created_at, barcode.gtin14) as gtins
    from products as product
    join product_barcodes as barcode on barcode.product_id = product.id
    left join lateral (
      select max(asked_at) as at
      from price_sync_products as asked
      where asked.product_id = product.id and outcome <> 'failed'
    ) as latest on true
    where active and (${only}::bigint[] is null or product.id = any(${only})) and not exists (
      select from price_sync_products as asked
      where asked.sync_id = ${syncId} and asked.product_id = product.id and outcome <> 'failed'
    )
    group by product.id, latest.at
    order by latest.at nulls first, product.id
  `
}
