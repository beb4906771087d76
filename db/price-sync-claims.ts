import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

interface Claim {
  productId: number
  runId: string
  /** Where it is asked for. */
  places: string
}

/**
 * Claim a product before it is asked for, for five minutes. False when it has been asked for in these places within six
 * hours, or another run is about to; with `force` it is claimed all the same. The claim outlives the answer, so that whoever does not see that yet sees
 * the claim.
 */
export async function claimProduct(
  { productId, runId, places }: Claim,
  force: boolean,
  db: Db = pool(),
): Promise<boolean> {
  const claimed = await db`
    insert into price_sync_claims as claim (product_id, places, run_id, claimed_until)
    select ${productId}, ${places}, ${runId}, now() + interval '5 minutes'
    where ${force} or not exists (
      select
      from price_sync_products as asked
      join price_syncs as sync on sync.id = asked.sync_id
      where asked.product_id = ${productId} and outcome <> 'failed' and asked_at > now() - interval '6 hours'
        and sync.places = ${places}
    )
    on conflict (product_id, places) do update
    set run_id = excluded.run_id, claimed_until = excluded.claimed_until
    where claim.run_id = excluded.run_id or claim.claimed_until <= now() or ${force}
    returning 1
  `
  return claimed.length > 0
}

/** Give up a claim on a product that was not asked for after all. */
export async function releaseProduct({ productId, runId, places }: Claim, db: Db = pool()) {
  await db`
    delete from price_sync_claims
    where product_id = ${productId} and places = ${places} and run_id = ${runId}
  `
}

/** Claims that have run out. */
export const oldClaims: Aged = { table: "price_sync_claims", since: "claimed_until", target: "old-data" }
