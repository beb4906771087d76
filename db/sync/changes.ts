import type { Json } from "../../lib/jobs/define.ts"
import type { Db } from "../pool.ts"
import { tableOf, versionsOf } from "./contents.ts"
import { endBegun, HERE, isBegun, type Scope } from "./refs.ts"

/** Something here that a partner does not know of as it is now. */
export interface LocalChange {
  localId: number
  content: { [key: string]: Json }
  version: string
  externalId: string | null
  /** Times it was told of before. */
  pushes: number
  /** The version in which a try has begun to tell of it for the first time; null when none has. */
  begun: string | null
}

/**
 * The next things that have changed since the partner was told, by their ids, or one of them alone, or those alone that it is
 * being told of for the first time; none that is no longer exchanged.
 */
export async function listChanges(
  scope: Scope,
  {
    after,
    limit,
    only,
    areBegun = false,
  }: { after: number; limit: number; only: number | null; areBegun?: boolean },
  db: Db,
): Promise<LocalChange[]> {
  const { agencyId, provider, entity } = scope
  const rows = await db<(Omit<LocalChange, "content"> & { content: string })[]>`
    select mine.id as local_id, mine.content::text, mine.version, coalesce(ref.pushes, 0) as pushes,
      case when not ${isBegun(db)} then ref.external_id end as external_id,
      case when ${isBegun(db)} then ref.content_hash end as begun
    from (${versionsOf(entity, agencyId, db)}) as mine
    left join external_refs as ref
      on ref.agency_id = ${agencyId} and ref.provider = ${provider} and ref.entity = ${entity} and ref.local_id = mine.id
    where mine.id > ${after} and (${isBegun(db)} or not ${areBegun}) and (${only}::bigint is null or mine.id = ${only})
      and ref.deleted_at is null and ref.pushed_version is distinct from mine.version
    order by mine.id
    limit ${limit}
  `
  return rows.map(({ content, ...row }) => ({ ...row, content: JSON.parse(content) }))
}

/** The next things the partner knows of, and that are here no longer. */
export const listGone = async (
  { agencyId, provider, entity }: Scope,
  { after, limit, only }: { after: number; limit: number; only: number | null },
  db: Db,
) =>
  await db<{ localId: number; externalId: string; pushes: number }[]>`
    select local_id, external_id, pushes
    from external_refs as ref
    where agency_id = ${agencyId} and provider = ${provider} and entity = ${entity} and deleted_at is null and not ${isBegun(db)}
      and local_id > ${after} and (${only}::bigint is null or local_id = ${only})
      and not exists (select from ${db(tableOf(entity))} as mine where mine.id = ref.local_id)
    order by local_id
    limit ${limit}
  `

/** Take what there was before the integration for known: only what comes after it is told of. */
export async function takeForKnown({ agencyId, provider, entity }: Scope, integrationId: number, tx: Db) {
  await tx`
    insert into external_refs (agency_id, provider, entity, external_id, local_id, origin, pushed_version)
    select ${agencyId}, ${provider}, ${entity}, ${HERE} || mine.id, mine.id, 'here', mine.version
    from (${versionsOf(entity, agencyId, tx)}) as mine
    where mine.created_at < (select begun_at from integrations where id = ${integrationId})
    on conflict do nothing
  `
}

interface Told {
  localId: number
  externalId: string
  version: string
  contentHash: string | null
}

/**
 * Note that the partner knows of something as it was; what is then no longer so will be told again. False when what it is called
 * there is already the name of another.
 */
export async function noteTold(
  { agencyId, provider, entity }: Scope,
  told: Told,
  integrationId: number,
  tx: Db,
): Promise<boolean> {
  await endBegun({ agencyId, provider, entity }, told.localId, tx)
  const noted = await tx`
    insert into external_refs as ref
      (agency_id, provider, entity, external_id, local_id, origin, content_hash, pushed_version, pushes, seen_pass)
    values (
      ${agencyId}, ${provider}, ${entity}, ${told.externalId}, ${told.localId}, 'here', ${told.contentHash}, ${told.version}, 1,
      -- A pass under way may have gone by already.
      (select pass from sync_cursors where integration_id = ${integrationId} and entity = ${entity})
    )
    on conflict (agency_id, provider, entity, external_id) do update
    set pushed_version = excluded.pushed_version, content_hash = coalesce(excluded.content_hash, ref.content_hash),
      pushes = ref.pushes + 1, updated_at = now()
    where ref.local_id = excluded.local_id
  `
  return noted.count > 0
}

/** The version of something as it is now; undefined when it is gone. */
export async function versionOf(
  { agencyId, entity }: Scope,
  localId: number,
  tx: Db,
): Promise<string | undefined> {
  const [row] = await tx<{ version: string }[]>`
    select version
    from (${versionsOf(entity, agencyId, tx)}) as mine
    where id = ${localId}
  `
  return row?.version
}
