import { type Db, pool } from "../pool.ts"
import type { Export } from "./requests.ts"

/** Exports whose files are kept no longer, those first that expired first. */
export const expiredExports = (limit: number, db: Db = pool()) => db<Pick<Export, "id" | "fileKey">[]>`
  select id, file_key
  from exports
  where status = 'completed' and expires_at <= now()
  order by expires_at
  limit ${limit}
`

/** How many files of exports there are whose links have expired, and have not. */
export async function countFiles(db: Db = pool()) {
  const [counts] = await db<[{ expired: number; linked: number }]>`
    select
      count(*) filter (where expires_at <= now())::int8 as expired,
      count(*) filter (where expires_at > now())::int8 as linked
    from exports
    where status = 'completed'
  `
  return counts
}

/** Note that the file of an export is gone; false when it was noted before. */
export async function markExpired(id: number, db: Db): Promise<boolean> {
  const { count } = await db`update exports set status = 'expired' where id = ${id} and status = 'completed'`
  return count > 0
}

/**
 * Take up the requests of people that are to be answered within so many days, or were to be, and have not been: each is told
 * of once before its deadline, and once more after it. That its run was cancelled answers nobody.
 */
export const takeDue = (days: number, db: Db) => db<
  (Pick<Export, "id" | "runId" | "status"> & { deadlineAt: Date; overdue: boolean })[]
>`
  update exports as export
  set alarmed_at = now()
  where status in ('processing', 'failed', 'cancelled') and content = 'subject'
    and deadline_at <= now() + ${days} * interval '1 day'
    and (alarmed_at is null or (deadline_at <= now() and alarmed_at < deadline_at))
    and not exists (
      select from exports as later
      where later.subject_type = export.subject_type and later.subject_id = export.subject_id
        and later.completed_at is not null and later.requested_at >= export.requested_at
    )
  returning id, run_id, status, deadline_at, deadline_at <= now() as overdue
`
