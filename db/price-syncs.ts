import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

export type SyncEnd = "completed" | "degraded" | "failed" | "cancelled"

/** A price sync: what it was asked for, how far it is, and what came of it. */
export interface PriceSync {
  id: number
  runId: string
  /** The one market it was asked for; null for all. */
  marketId: number | null
  status: "running" | SyncEnd
  stage: string
  /** How many there were when it began. */
  markets: number
  products: number
  /** Products asked for so far, of which some were found, some not, and some failed. */
  asked: number
  found: number
  notFound: number
  failed: number
  /** Prices. */
  registered: number
  ignored: number
  error: string | null
  startedAt: Date
  finishedAt: Date | null
}

/** What a sync is asked for. */
interface Wanted {
  marketId?: number | null | undefined
  productIds?: number[] | null | undefined
  /** Where each product is asked for. */
  places?: string
}

/** Begin the sync of a run, or take it up again where an earlier try of the run has left it. */
export async function beginSync(
  runId: string,
  { marketId = null, productIds = null, places = "" }: Wanted,
  db: Db = pool(),
): Promise<PriceSync> {
  await db`
    insert into price_syncs (run_id, market_id, places, stage, markets, products)
    select ${runId}, ${marketId}, ${places}, 'starting',
      (select count(*) from markets where active and (${marketId}::bigint is null or id = ${marketId})),
      (
        select count(distinct product_id)
        from product_barcodes
        join products on id = product_id
        where active and (${productIds}::bigint[] is null or id = any(${productIds}))
      )
    on conflict (run_id) do update
    set status = 'running', places = excluded.places, error = null, finished_at = null, tried_at = now()
  `
  return (await findSync(runId, db))!
}

/** Say what a sync is at. */
export async function setStage(id: number, stage: string, db: Db = pool()) {
  await db`
    update price_syncs
    set stage = ${stage}
    where id = ${id}
  `
}

/** End a sync; one that has not done all it was asked for says why. */
export async function endSync(id: number, status: SyncEnd, error: string | null = null, db: Db = pool()) {
  await db`
    update price_syncs
    set status = ${status}, error = ${error}, finished_at = now()
    where id = ${id} and status = 'running'
  `
}

export async function findSync(runId: string, db: Db = pool()): Promise<PriceSync | undefined> {
  const [sync] = await db<PriceSync[]>`
    ${syncs(db)}
    where run_id = ${runId}
  `
  return sync
}

/** Syncs, the latest first: so many, begun before the one with this id if there is one. */
export async function listSyncs(
  limit: number,
  before: number | null = null,
  db: Db = pool(),
): Promise<PriceSync[]> {
  return await db<PriceSync[]>`
    ${syncs(db)}
    where ${before}::bigint is null or sync.id < ${before}
    order by sync.id desc
    limit ${limit}
  `
}

/** A run can also end while nobody has it: then the ledger knows how. */
const syncs = (db: Db) => db`
  select sync.id, run_id, market_id, stage, markets, products, asked, found, not_found, failed, registered, ignored,
    case coalesce(ended.status, sync.status) when 'timed-out' then 'failed' else coalesce(ended.status, sync.status) end as status,
    coalesce(sync.error, ended.error) as error, sync.started_at, coalesce(sync.finished_at, ended.finished_at) as finished_at
  from price_syncs as sync
  left join runs as ended on ended.id = run_id and sync.status = 'running' and ended.finished_at > tried_at
  cross join lateral (
    select
      count(*) as asked,
      count(*) filter (where outcome = 'found') as found,
      count(*) filter (where outcome = 'not-found') as not_found,
      count(*) filter (where outcome = 'failed') as failed,
      coalesce(sum(registered), 0) as registered,
      coalesce(sum(ignored), 0) as ignored
    from price_sync_products
    where sync_id = sync.id
  ) as counts
`

/** Price syncs of long ago. */
export const oldSyncs: Aged = { table: "price_syncs", since: "finished_at", target: "old-data" }
