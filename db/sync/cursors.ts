import type { Entity } from "../../lib/partners/entities.ts"
import { type Db, pool } from "../pool.ts"

/** How far an entity of an integration has been pulled. */
export interface Cursor {
  cursor: string | null
  page: string | null
  /** Counts the passes through its pages. */
  pass: number
  /** Whether this pass sees all there is: what it has not seen at its end is gone. */
  isFull: boolean
}

/** Where a pull goes on; at its beginning when there was none. */
export async function readCursor(integrationId: number, entity: Entity, db: Db = pool()): Promise<Cursor> {
  const [cursor] = await db<Cursor[]>`
    select cursor, page, pass, is_full
    from sync_cursors
    where integration_id = ${integrationId} and entity = ${entity}
  `
  return cursor ?? { cursor: null, page: null, pass: 1, isFull: true }
}

/** Keep where a pull goes on, in the transaction of the rows that came before it. */
export async function writeCursor(integrationId: number, entity: Entity, cursor: Cursor, tx: Db) {
  await tx`
    insert into sync_cursors (integration_id, entity, cursor, page, pass, is_full)
    values (${integrationId}, ${entity}, ${cursor.cursor}, ${cursor.page}, ${cursor.pass}, ${cursor.isFull})
    on conflict (integration_id, entity) do update
    set cursor = excluded.cursor, page = excluded.page, pass = excluded.pass, is_full = excluded.is_full
  `
}

/** Forget how far anything has been pulled, and that changes are told of. */
export async function dropCursors(integrationId: number, tx: Db) {
  await tx`delete from sync_cursors where integration_id = ${integrationId}`
}

/** Note that changes are told of from now on; whether nobody had before. */
export async function beginTelling(integrationId: number, entity: Entity, tx: Db): Promise<boolean> {
  const begun = await tx`
    insert into sync_cursors as known (integration_id, entity, begun_at)
    values (${integrationId}, ${entity}, now())
    on conflict (integration_id, entity) do update
    set begun_at = now()
    where known.begun_at is null
  `
  return begun.count > 0
}
