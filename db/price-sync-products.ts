import { asJson } from "./json.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** What came of asking for a product in a sync. */
export type Asked =
  | { productId: number; outcome: "found"; registered: number; ignored: number }
  | { productId: number; outcome: "not-found" }
  | { productId: number; outcome: "failed"; error: string }

/** Note what came of products, in the transaction that stores their prices: a sync that is taken up again goes on from here. */
export async function noteAsked(syncId: number, asked: Asked[], db: Db) {
  await db`
    insert into price_sync_products (sync_id, product_id, outcome, registered, ignored, error)
    select ${syncId}, "productId", outcome, coalesce(registered, 0), coalesce(ignored, 0), error
    from jsonb_to_recordset(${asJson(asked)}::text::jsonb)
      as each ("productId" bigint, outcome text, registered int, ignored int, error text)
    on conflict (sync_id, product_id) do update
    set outcome = excluded.outcome, registered = excluded.registered, ignored = excluded.ignored,
        error = excluded.error, asked_at = now()
  `
}

export interface FailedProduct {
  syncId: number
  productId: number
  name: string
  error: string
}

/** The products that failed in these syncs, with why. */
export async function failedProducts(syncIds: number[], db: Db = pool()): Promise<FailedProduct[]> {
  return await db<FailedProduct[]>`
    select sync_id, product_id, name, error
    from price_sync_products
    join products on products.id = product_id
    where sync_id = any(${syncIds}) and outcome = 'failed'
    order by sync_id, product_id
  `
}

/** What came of asking for products long ago. */
export const oldAskedProducts: Aged = {
  table: "price_sync_products",
  since: "asked_at",
  target: "old-data",
  atLeast: { interval: "1 day", why: "a product is not asked for again within six hours" },
  keeps: [
    {
      why: "when each product was asked for last tells which is next",
      rows: (db) => db`
        kept.outcome <> 'failed' and not exists (
          select
          from price_sync_products as later
          where later.product_id = kept.product_id and later.outcome <> 'failed' and later.asked_at > kept.asked_at
        )
      `,
    },
  ],
}
