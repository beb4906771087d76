import { type Db, pool } from "./pool.ts"
import { adoptPrices } from "./prices.ts"
import { settleStores } from "./unmatched-stores.ts"

/** Say by hand which market a store is, whatever was thought before; its prices follow. Throws when no such store has been seen. */
export async function assignStore(code: string, marketId: number, db: Db = pool()) {
  const assigned = await db`
    insert into market_stores (store_code, market_id, matched_by, store)
    select store_code, ${marketId}, 'manual', store
    from (
      select store_code, store from market_stores
      union all
      select store_code, store from unmatched_stores
    ) as seen
    where store_code = ${code}
    limit 1
    on conflict (store_code) do update
    set market_id = excluded.market_id, matched_by = excluded.matched_by, score = null
    returning 1
  `
  if (!assigned.length)
    throw new Error(`No store "${code}" has been seen: take one of those without a market`)
  await settle([code], db)
}

/** Those of these stores whose market is to be looked for: nobody has yet, or not for an hour, or the markets have changed. */
export async function openStores(codes: string[], db: Db): Promise<string[]> {
  const open = await db<{ code: string }[]>`
    select code
    from unnest(${codes}::text[]) as code
    left join market_stores as matched on matched.store_code = code
    left join unmatched_stores as unmatched on unmatched.store_code = code
    where case
      when unmatched.store_code is null then matched.store_code is null
      else matched.store_code is not null or due or last_seen_at < now() - interval '1 hour'
    end
  `
  return open.map(({ code }) => code)
}

/** Let stores that have a market by now be unmatched no more, and the prices they had before be that market's. */
export async function settle(codes: string[], db: Db) {
  const settled = await settleStores(codes, db)
  if (settled.length) await adoptPrices(settled, db)
}
