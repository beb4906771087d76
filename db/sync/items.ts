import type { Entity } from "../../lib/partners/entities.ts"
import { type Db, pool } from "../pool.ts"
import type { Aged } from "../retention/aged.ts"

export type Direction = "pull" | "push"

/** What can become of an item. `kept`: it stays as it is here, whatever there. */
export const outcomes = ["created", "updated", "deleted", "kept", "blocked", "failed"] as const

export type Outcome = (typeof outcomes)[number]

/** What became of an item in a run; `runId` is null of what has come by itself. */
export interface Item {
  runId: string | null
  direction: Direction
  entity: Entity
  /** Pulled, its id there; pushed, its id here. */
  item: string
  localId: number | null
  outcome: Outcome
  reasons: string[]
}

/** Keep what became of an item; of one that a run has met before, what became of it last. */
export async function addItem(integrationId: number, item: Item, tx: Db) {
  await tx`
    insert into sync_items (integration_id, run_id, direction, entity, item, local_id, outcome, reasons)
    values (
      ${integrationId}, ${item.runId}, ${item.direction}, ${item.entity}, ${item.item.slice(0, 200)}, ${item.localId},
      ${item.outcome}, ${item.reasons}
    )
    on conflict (run_id, direction, entity, item) do update
    set outcome = excluded.outcome, reasons = excluded.reasons, local_id = excluded.local_id, created_at = now()
  `
}

/** How many items of a run became what, over all its tries. */
export async function countItems(runId: string, db: Db = pool()) {
  const counts = await db<{ direction: Direction; outcome: Outcome; count: number }[]>`
    select direction, outcome, count(*)::int8 as count
    from sync_items
    where run_id = ${runId}
    group by direction, outcome
  `
  const of = (wanted: Direction) =>
    Object.fromEntries(
      outcomes.map((outcome) => [
        outcome,
        counts.find((row) => row.direction === wanted && row.outcome === outcome)?.count ?? 0,
      ]),
    ) as Record<Outcome, number>
  return { pulled: of("pull"), pushed: of("push") }
}

export interface KeptItem extends Item {
  id: number
  createdAt: Date
}

interface Wanted {
  outcome: Outcome | null
  runId: string | null
  before: number | null
  limit: number
}

/** What became of an integration's items, latest first. */
export const listItems = async (
  integrationId: number,
  { outcome, runId, before, limit }: Wanted,
  db: Db = pool(),
) =>
  await db<KeptItem[]>`
    select id, run_id, direction, entity, item, local_id, outcome, reasons, created_at
    from sync_items
    where integration_id = ${integrationId} and (${before}::bigint is null or id < ${before})
      and (${outcome}::text is null or outcome = ${outcome}) and (${runId}::text is null or run_id = ${runId})
    order by id desc
    limit ${limit}
  `

/** What became of items long ago. */
export const oldItems: Aged = {
  table: "sync_items",
  since: "created_at",
  target: "logs",
  keeps: [
    {
      why: "it tells what is in the feed that is published",
      rows: (db) => db`exists (select from listing_feeds where run_id = kept.run_id)`,
    },
  ],
}
