import type { Db } from "../pool.ts"
import { isOld, type Old } from "./old.ts"

/** A batch of old rows: at most `limit`, none older than where the one before has ended. */
export interface Batch {
  limit: number
  from: string
}

/** What a batch has deleted, and where the next one begins; null when there is none. */
interface Deleted {
  count: number
  next: string | null
}

/** Before any row. */
export const BEGINNING = "-infinity"

/**
 * Delete old rows, the oldest first, and return how many and where the next batch begins. Rows that others hold are passed over: so none is
 * waited for, and two who delete at once share the work.
 */
export async function deleteOld(old: Old, { limit, from }: Batch, db: Db): Promise<Deleted> {
  const { table, since } = old.aged
  const time = db(`kept.${since}`)
  const [deleted] = await db<[Deleted]>`
    with old as materialized (
      select kept.ctid as place
      from ${db(table)} as kept
      where ${time} >= ${from}::text::timestamptz and ${isOld(old, db)}
      order by ${time}
      limit ${limit}
      for update of kept skip locked
    ),
    deleted as (
      -- As an array, each row is fetched from its place; of many places joined, the planner would read the whole table.
      delete from ${db(table)} as kept
      where kept.ctid = any(array(select place from old))
      returning ${time} as at
    )
    select count(*)::int8 as count, max(at)::text as next
    from deleted
  `
  return deleted.count < limit ? { ...deleted, next: null } : deleted
}

/** The files of a batch of old rows, and where the next begins. */
export async function oldFiles(old: Old, { limit, from }: Batch, db: Db) {
  const { table, since, file } = old.aged
  const time = db(`kept.${since}`)
  return await db<{ key: string; at: string }[]>`
    select ${db(`kept.${file!}`)} as key, ${time}::text as at
    from ${db(table)} as kept
    where ${time} >= ${from}::text::timestamptz and ${db(`kept.${file!}`)} is not null and ${isOld(old, db)}
    order by ${time}
    limit ${limit}
  `
}

/** Delete those old rows that name one of these files, and return how many. */
export async function deleteOldOf(keys: string[], old: Old, db: Db): Promise<number> {
  const { table, file } = old.aged
  const deleted = await db`
    delete from ${db(table)} as kept
    where ${db(`kept.${file!}`)} = any(${keys}) and ${isOld(old, db)}
  `
  return deleted.count
}
