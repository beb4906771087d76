import type { NamedFiles } from "./files/named.ts"
import { asJson } from "./json.ts"
import { type Db, pool } from "./pool.ts"
import type { Scope } from "./sync/refs.ts"

/** A feed as it was published last. */
export interface ListingFeed {
  runId: string
  storageKey: string
  /** Of what it says, but for when: so long as this is the same, the file is. */
  sha256: string
  size: number
  listings: number
  blocked: number
  changedAt: Date
  publishedAt: Date
}

/** The feed of an integration; undefined until one is published. */
export async function findFeed(integrationId: number, db: Db = pool()): Promise<ListingFeed | undefined> {
  const [feed] = await db<ListingFeed[]>`
    select run_id, storage_key, sha256, size, listings, blocked, changed_at, published_at
    from listing_feeds
    where integration_id = ${integrationId}
  `
  return feed
}

/** Publish a feed in the place of the one before. */
export async function publishFeed(integrationId: number, feed: Omit<ListingFeed, "publishedAt">, tx: Db) {
  await tx`
    insert into listing_feeds
      (integration_id, run_id, storage_key, sha256, size, listings, blocked, changed_at, published_at)
    values (
      ${integrationId}, ${feed.runId}, ${feed.storageKey}, ${feed.sha256}, ${feed.size}, ${feed.listings}, ${feed.blocked},
      ${feed.changedAt}, now()
    )
    on conflict (integration_id) do update
    set run_id = excluded.run_id, storage_key = excluded.storage_key, sha256 = excluded.sha256, size = excluded.size,
      listings = excluded.listings, blocked = excluded.blocked, changed_at = excluded.changed_at, published_at = now()
  `
}

/** Have the file of a feed deleted, whose integration is removed. */
export async function dropFeed(integrationId: number, tx: Db) {
  await tx`
    insert into dropped_feeds (storage_key)
    select storage_key from listing_feeds where integration_id = ${integrationId}
    on conflict do nothing
  `
}

/** The files of feeds that are to be deleted. */
export async function listDroppedFeeds(db: Db = pool()): Promise<string[]> {
  const dropped = await db<
    { storageKey: string }[]
  >`select storage_key from dropped_feeds order by created_at`
  return dropped.map(({ storageKey }) => storageKey)
}

/** Note that one of them is deleted. */
export async function noteDeleted(storageKey: string, db: Db = pool()) {
  await db`delete from dropped_feeds where storage_key = ${storageKey}`
}

/** The files of feeds. */
export const feedFiles: NamedFiles = {
  table: "listing_feeds",
  column: "storage_key",
  folder: "feeds/",
  storage: "files",
}

/** A listing of a feed: its property, and what is said of it. */
export interface Published {
  localId: number
  externalId: string
  contentHash: string
}

interface Publishing extends Scope {
  integrationId: number
  runId: string
}

/**
 * Keep what is in the feed of an integration now, and what became of each property that was not in the one before as it is; in
 * the transaction that publishes it.
 */
export async function notePublished(
  { agencyId, provider, entity, integrationId, runId }: Publishing,
  { published, blocked }: { published: Published[]; blocked: { localId: number; reasons: string[] }[] },
  tx: Db,
) {
  const each = <T>(field: (one: Published) => T) => published.map(field)
  const nowIn = tx`
    unnest(
      ${each(({ localId }) => localId)}::bigint[], ${each(({ externalId }) => externalId)}::text[],
      ${each(({ contentHash }) => contentHash)}::text[]
    ) as listing (local_id, external_id, content_hash)
  `
  const withdrawn = await tx<{ localId: number }[]>`
    update external_refs as ref
    set deleted_at = now(), updated_at = now()
    where agency_id = ${agencyId} and provider = ${provider} and entity = ${entity} and deleted_at is null
      and not exists (
        select from ${nowIn} where listing.external_id = ref.external_id and listing.local_id = ref.local_id
      )
    returning local_id
  `
  const changed = await tx<{ localId: number; isNew: boolean }[]>`
    insert into external_refs as ref
      (agency_id, provider, entity, external_id, local_id, origin, content_hash, pushed_version, pushes)
    select ${agencyId}, ${provider}, ${entity}, external_id, local_id, 'here', content_hash, content_hash, 1
    from ${nowIn}
    on conflict (agency_id, provider, entity, external_id) do update
    set local_id = excluded.local_id, content_hash = excluded.content_hash, pushed_version = excluded.pushed_version,
      pushes = case when ref.deleted_at is null then ref.pushes + 1 else 1 end, deleted_at = null, updated_at = now()
    where ref.content_hash is distinct from excluded.content_hash or ref.deleted_at is not null
    returning local_id, pushes = 1 as is_new
  `
  const isOut = new Set(withdrawn.map(({ localId }) => localId))
  for (const { localId } of [...changed, ...blocked]) isOut.delete(localId)
  const became = [
    ...changed.map(({ localId, isNew }) => ({
      local_id: localId,
      outcome: isNew ? "created" : "updated",
      reasons: [],
    })),
    ...[...isOut].map((localId) => ({ local_id: localId, outcome: "deleted", reasons: [] })),
    ...blocked.map(({ localId, reasons }) => ({ local_id: localId, outcome: "blocked", reasons })),
  ]
  await tx`
    insert into sync_items (integration_id, run_id, direction, entity, item, local_id, outcome, reasons)
    select ${integrationId}, ${runId}, 'push', ${entity}, local_id::text, local_id, outcome,
      array(select jsonb_array_elements_text(reasons))
    from jsonb_to_recordset(${asJson(became)}::text::jsonb) as became (local_id bigint, outcome text, reasons jsonb)
    on conflict (run_id, direction, entity, item) do update
    set outcome = excluded.outcome, reasons = excluded.reasons, created_at = now()
  `
}
