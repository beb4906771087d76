import type { Store } from "../lib/offer.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** A store that is no market of ours for all we know, and the markets it comes nearest to, best first. */
export interface UnmatchedStore {
  store: Store
  candidates: { marketId: number; score: number }[]
  timesSeen: number
  lastSeenAt: Date
}

/** Stores without a market, those seen most often first. */
export async function listUnmatched(limit: number, db: Db = pool()): Promise<UnmatchedStore[]> {
  return await db<UnmatchedStore[]>`
    select store, candidates, times_seen, last_seen_at
    from unmatched_stores
    order by times_seen desc, store_code
    limit ${limit}
  `
}

/** Take those of these stores off the list that have a market by now. Returns their codes. */
export async function settleStores(codes: string[], db: Db): Promise<string[]> {
  const settled = await db<{ storeCode: string }[]>`
    delete from unmatched_stores as unmatched
    using market_stores as matched
    where matched.store_code = unmatched.store_code and unmatched.store_code = any(${codes})
    returning unmatched.store_code
  `
  return settled.map(({ storeCode }) => storeCode)
}

/** Stores that were not seen for long. */
export const oldStores: Aged = { table: "unmatched_stores", since: "last_seen_at", target: "old-data" }
