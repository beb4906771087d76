import { type Db, pool } from "./pool.ts"

/** What is known of a backup; `rows`, `bytes` and what else is counted are null until it is there. */
export interface Backup {
  id: string
  kind: "full" | "incremental"
  status: "running" | "completed" | "failed" | "cancelled" | "damaged" | "deleted"
  /** The one that it goes on from, and the full one at the beginning. */
  previousId: string | null
  baseId: string | null
  description: string | null
  tables: string[] | null
  retentionDays: number
  compressed: boolean
  encrypted: boolean
  rows: number | null
  bytes: number | null
  rawBytes: number | null
  parts: number | null
  files: number | null
  error: string | null
  startedAt: Date
  finishedAt: Date | null
  verifiedAt: Date | null
  restoredAt: Date | null
  restoreSeconds: number | null
  /** When the storage was rid of it. */
  removedAt: Date | null
}

const columns = (db: Db) => db`
  id, kind, status, previous_id, base_id, description, tables, retention_days, compressed, encrypted,
  rows, bytes, raw_bytes, parts, files, error, started_at, finished_at, verified_at, restored_at, restore_seconds, removed_at
`

type Begun = Pick<
  Backup,
  "id" | "kind" | "description" | "tables" | "retentionDays" | "compressed" | "encrypted"
>

/** Note that a backup is under way, or is so again. */
export async function beginBackup(given: Begun, db: Db = pool()) {
  const row = {
    id: given.id,
    kind: given.kind,
    description: given.description,
    tables: given.tables,
    retention_days: given.retentionDays,
    compressed: given.compressed,
    encrypted: given.encrypted,
  }
  await db`
    insert into backups ${db(row)}
    on conflict (id) do update
    set kind = excluded.kind, status = 'running', previous_id = null, base_id = null, error = null, finished_at = null,
        started_at = now(), verified_at = null, restored_at = null, restore_seconds = null, removed_at = null
  `
}

/** Have a backup under way go on from another. False when that one is there no longer. */
export async function continueFrom(id: string, previous: { id: string; baseId: string }, db = pool()) {
  return await db.begin(async (tx) => {
    await turn(tx)
    const continued = await tx`
      update backups
      set kind = 'incremental', previous_id = ${previous.id}, base_id = ${previous.baseId}
      where id = ${id} and exists (select from backups where id = ${previous.id} and status = 'completed')
    `
    return continued.count > 0
  })
}

/** What is known of a backup that has its manifest. */
export type Taken = Pick<
  Backup,
  | "id"
  | "kind"
  | "previousId"
  | "baseId"
  | "description"
  | "tables"
  | "retentionDays"
  | "compressed"
  | "encrypted"
  | "startedAt"
> & { finishedAt: Date; rows: number; bytes: number; rawBytes: number; parts: number; files: number }

/** Note that a backup is there; `verified`, that it was read back and found whole. */
export async function completeBackup(taken: Taken, verified: boolean, db: Db = pool()) {
  const row = {
    id: taken.id,
    kind: taken.kind,
    status: "completed",
    previous_id: taken.previousId,
    base_id: taken.baseId,
    description: taken.description,
    tables: taken.tables,
    retention_days: taken.retentionDays,
    compressed: taken.compressed,
    encrypted: taken.encrypted,
    rows: taken.rows,
    bytes: taken.bytes,
    raw_bytes: taken.rawBytes,
    parts: taken.parts,
    files: taken.files,
    started_at: taken.startedAt,
    finished_at: taken.finishedAt,
    verified_at: verified ? new Date() : null,
  }
  await db`
    insert into backups ${db(row)}
    on conflict (id) do update
    set kind = excluded.kind, status = excluded.status, previous_id = excluded.previous_id, base_id = excluded.base_id,
        rows = excluded.rows, bytes = excluded.bytes, raw_bytes = excluded.raw_bytes, parts = excluded.parts,
        files = excluded.files, error = null, started_at = excluded.started_at, finished_at = excluded.finished_at,
        verified_at = excluded.verified_at
  `
}

/** Note that there will be no such backup, and why. */
export async function failBackup(id: string, status: "failed" | "cancelled", error: string, db: Db = pool()) {
  await db`
    update backups
    set status = ${status}, error = ${error}, finished_at = now()
    where id = ${id} and status = 'running'
  `
}

/** Note that a backup was read back: it is whole, or it is damaged, with what is wrong. */
export async function noteVerified(id: string, damage: string | null, db: Db = pool()) {
  await db`
    update backups
    set status = case when ${damage}::text is null then 'completed' else 'damaged' end,
        error = ${damage},
        verified_at = case when ${damage}::text is null then now() else verified_at end
    where id = ${id} and status in ('completed', 'damaged')
  `
}

/** Note that a backup was restored, and found to be what it was. */
export async function noteRestored(id: string, seconds: number, db: Db = pool()) {
  await db`
    update backups set restored_at = now(), restore_seconds = ${seconds}
    where id = ${id}
  `
}

export async function findBackup(id: string, db: Db = pool()): Promise<Backup | undefined> {
  const [found] = await db<Backup[]>`select ${columns(db)} from backups where id = ${id}`
  return found
}

/** Backups that were asked for, the latest first, without those that are deleted; `before`, those before this one. */
export const listBackups = (limit: number, before: string | null = null, db: Db = pool()) => db<Backup[]>`
  select ${columns(db)}
  from backups
  where status <> 'deleted' and (
    ${before}::text is null or (started_at, id) < (select started_at, id from backups where id = ${before})
  )
  order by started_at desc, id desc
  limit ${limit}
`

/** Backups that are there, damaged ones too, the latest first. */
export const presentBackups = (db: Db = pool()) => db<Backup[]>`
  select ${columns(db)}
  from backups
  where status in ('completed', 'damaged')
  order by started_at desc, id desc
`

/**
 * Note that backups that were under way are so no longer, but for these: whoever made them was killed. To be said while nobody else makes
 * one; one that is taken up again is under way again.
 */
export const failAbandoned = (except: readonly string[], db: Db = pool()) => db`
  update backups
  set status = 'failed', error = 'whoever made it was killed, and nobody has taken it up again', finished_at = now()
  where status = 'running' and not id = any(${[...except]})
`

/** Ids of backups that are no longer to be there, and of which something may be. */
export const unremovedBackups = async (db: Db = pool()) =>
  (
    await db<{ id: string }[]>`
      select id from backups
      where status in ('failed', 'cancelled', 'deleted') and removed_at is null
    `
  ).map(({ id }) => id)

/** Note that nothing is left of a backup. */
export const noteRemoved = (id: string, db: Db = pool()) => db`
  update backups set removed_at = now()
  where id = ${id} and status in ('failed', 'cancelled', 'deleted')
`

/** Why a backup stays: others go on from it, it is the last that was found whole, or it is under way. */
export type Needed = "by-others" | "last-verified" | "running"

/** Have a backup deleted; its files are then the storage's to remove. Returns why it stays, or undefined once it is deleted. */
export async function deleteBackup(id: string, db = pool()): Promise<Needed | undefined> {
  return await db.begin(async (tx) => {
    await turn(tx)
    const [found] = await tx<[{ needed: Needed | null }?]>`
      select case
        when status = 'running' then 'running'
        when exists (
          select from backups as next
          where next.previous_id = backup.id and next.status in ('running', 'completed', 'damaged')
        ) then 'by-others'
        when status = 'completed' and verified_at is not null and not exists (
          select from backups as other
          where other.id <> backup.id and other.status = 'completed' and other.verified_at is not null
            and other.started_at > backup.started_at
            -- One of some tables stands for no other that has more.
            and (other.tables is null or other.tables @> backup.tables)
        ) then 'last-verified'
      end as needed
      from backups as backup
      where id = ${id} and status <> 'deleted'
    `
    if (!found) return undefined
    if (found.needed) return found.needed
    await tx`
      update backups set status = 'deleted', finished_at = coalesce(finished_at, now())
      where id = ${id}
    `
    return undefined
  })
}

/** What goes on from a backup is not begun while it is deleted. */
const turn = (tx: Db) => tx`select pg_advisory_xact_lock(hashtext('esteira.backups'))`
