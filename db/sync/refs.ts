import type { Entity } from "../../lib/partners/entities.ts"
import type { Db } from "../pool.ts"

/** Whose something is: an agency's, with a partner. */
export interface Scope {
  agencyId: number
  provider: string
  entity: Entity
}

/** Something that is known on both sides. */
export interface Ref {
  id: number
  externalId: string
  localId: number
  origin: "here" | "there"
  contentHash: string | null
  pushedVersion: string | null
  deletedAt: Date | null
}

const columns = (db: Db) => db`id, external_id, local_id, origin, content_hash, pushed_version, deleted_at`

const isOf = ({ agencyId, provider, entity }: Scope, db: Db) =>
  db`agency_id = ${agencyId} and provider = ${provider} and entity = ${entity}`

/** What is known under an id of the partner's, held until the transaction ends. */
export async function findRef(scope: Scope, externalId: string, tx: Db): Promise<Ref | undefined> {
  const [ref] = await tx<Ref[]>`
    select ${columns(tx)}
    from external_refs
    where ${isOf(scope, tx)} and external_id = ${externalId}
    for update
  `
  return ref
}

/** What the partner calls something of ours, as long as it is exchanged. */
export async function findRefOf(scope: Scope, localId: number, db: Db): Promise<Ref | undefined> {
  const [ref] = await db<Ref[]>`
    select ${columns(db)}
    from external_refs as ref
    where ${isOf(scope, db)} and local_id = ${localId} and deleted_at is null and not ${isBegun(db)}
  `
  return ref
}

/** What something of ours is known by that the partner has no name for; none of the partner's own begins so. */
export const nameHere = (localId: number) => `${HERE}${localId}`

export const HERE = "here:"

/** Of a ref: the partner is being told of it for the first time, and has not said yet what it calls it. */
export const isBegun = (db: Db) =>
  db`coalesce(ref.external_id = ${HERE} || ref.local_id and ref.pushed_version is null, false)`

/** Note, before a partner is told of something for the first time, that it may know of it from now on, and as what. */
export async function beginRef(scope: Scope, localId: number, version: string, tx: Db) {
  await tx`
    insert into external_refs (agency_id, provider, entity, external_id, local_id, origin, content_hash)
    values (${scope.agencyId}, ${scope.provider}, ${scope.entity}, ${nameHere(localId)}, ${localId}, 'here', ${version})
    on conflict do nothing
  `
}

/** The partner does not know of it, or knows it by a name of its own. */
export async function endBegun(scope: Scope, localId: number, tx: Db) {
  await tx`delete from external_refs as ref where ${isOf(scope, tx)} and local_id = ${localId} and ${isBegun(tx)}`
}

export interface Known {
  externalId: string
  localId: number
  origin: "here" | "there"
  contentHash: string | null
  pushedVersion: string | null
  seenPass?: number
}

/** Keep that something is known on both sides; whether it was not before. */
export async function insertRef(scope: Scope, known: Known, tx: Db): Promise<boolean> {
  const inserted = await tx`
    insert into external_refs
      (agency_id, provider, entity, external_id, local_id, origin, content_hash, pushed_version, seen_pass)
    values (
      ${scope.agencyId}, ${scope.provider}, ${scope.entity}, ${known.externalId}, ${known.localId}, ${known.origin},
      ${known.contentHash}, ${known.pushedVersion}, ${known.seenPass ?? null}
    )
    on conflict (agency_id, provider, entity, external_id) do nothing
  `
  return inserted.count > 0
}

interface Agreed {
  contentHash?: string
  pushedVersion?: string
  isBack?: boolean
}

/** Note what is now known of it. */
export async function updateRef(id: number, { contentHash, pushedVersion, isBack = false }: Agreed, tx: Db) {
  await tx`
    update external_refs
    set content_hash = coalesce(${contentHash ?? null}, content_hash),
      pushed_version = coalesce(${pushedVersion ?? null}, pushed_version),
      deleted_at = case when ${isBack} then null else deleted_at end, updated_at = now()
    where id = ${id}
  `
}

/** It is gone on one side, or exchanged no longer. */
export async function buryRef(id: number, tx: Db) {
  await tx`update external_refs set deleted_at = coalesce(deleted_at, now()), updated_at = now() where id = ${id}`
}

/** Forget all that is known on both sides of an agency's integration. */
export async function dropRefs({ agencyId, provider }: Omit<Scope, "entity">, tx: Db) {
  await tx`delete from external_refs where agency_id = ${agencyId} and provider = ${provider}`
}

/** Note that a pass has seen these. */
export async function markSeen(scope: Scope, externalIds: string[], pass: number, tx: Db) {
  await tx`
    update external_refs
    set seen_pass = ${pass}
    where ${isOf(scope, tx)} and external_id = any(${externalIds})
  `
}

/** What a full pass has not seen, of what was there; and how much was there. */
export async function listUnseen(
  scope: Scope,
  pass: number,
  tx: Db,
): Promise<{ unseen: Ref[]; all: number }> {
  const unseen = await tx<Ref[]>`
    select ${columns(tx)}
    from external_refs as ref
    where ${isOf(scope, tx)} and deleted_at is null and seen_pass is distinct from ${pass} and not ${isBegun(tx)}
    order by id
    for update
  `
  const [{ all }] = await tx<[{ all: number }]>`
    select count(*)::int8 as all
    from external_refs
    where ${isOf(scope, tx)} and deleted_at is null
  `
  return { unseen: [...unseen], all }
}
