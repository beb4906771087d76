import { EXPORTS } from "../../lib/exports/link.ts"
import type { SubjectType } from "../../lib/exports/subjects.ts"
import type { NamedFiles } from "../files/named.ts"
import { type Db, pool } from "../pool.ts"
import type { Aged } from "../retention/aged.ts"

/** What is asked for: tables or an agency's business, or what is kept of a person. */
export interface Asked {
  runId: string
  content: "tables" | "properties" | "contracts" | "subject"
  agencyId: number | null
  requestedBy: number | null
  subjectType: SubjectType | null
  subjectId: number | null
  email: string | null
  format: string
  requestedAt: Date
  deadlineAt: Date | null
}

/** An export and what has become of it. */
export interface Export extends Asked {
  id: number
  status: "processing" | "completed" | "failed" | "cancelled" | "expired"
  fileKey: string | null
  filename: string | null
  fileSize: number | null
  sha256: string | null
  files: number | null
  rows: number | null
  downloads: number
  error: string | null
  startedAt: Date
  completedAt: Date | null
  expiresAt: Date | null
}

const columns = (db: Db) => db`
  id, run_id, content, agency_id, requested_by, subject_type, subject_id, email, format, status, file_key, filename, file_size,
  sha256, files, rows, downloads, error, requested_at, deadline_at, started_at, completed_at, expires_at
`

/**
 * Note that an export is being made; taken up again by another try of its run it is the same. Undefined when another request
 * of the person is open.
 */
export async function beginExport(asked: Asked, db: Db = pool()): Promise<Export | undefined> {
  await endAbandoned(asked, db)
  const [begun] = await db<Export[]>`
    insert into exports ${db(asked as never)}
    on conflict (run_id) do update
    set status = case when exports.completed_at is null then 'processing' else exports.status end,
        error = null
    returning ${columns(db)}
  `.catch((error) => {
    if (error.constraint_name === "exports_open") return []
    throw error
  })
  return begun
}

/** A run that has ended while nobody could note it leaves its request open; the ledger knows of it. */
const endAbandoned = ({ subjectType, subjectId, runId }: Asked, db: Db) => db`
  update exports
  set status = 'failed', error = 'its run has ended without a word'
  where content = 'subject' and subject_type = ${subjectType} and subject_id = ${subjectId}
    and status = 'processing' and run_id <> ${runId}
    and exists (select from runs where runs.id = exports.run_id)
`

/** The file of an export. */
export interface Finished {
  fileKey: string
  filename: string
  fileSize: number
  sha256: string
  files: number
  rows: number
}

/** Note that the file of an export is stored, and until when; done before, it stays as it was. */
export async function completeExport(id: number, finished: Finished, days: number, db: Db): Promise<Export> {
  const [completed] = await db<[Export]>`
    update exports
    set ${db({ ...finished, status: "completed" } as never)}, completed_at = now(), expires_at = now() + ${days} * interval '1 day'
    where id = ${id} and completed_at is null
    returning ${columns(db)}
  `
  return completed ?? (await findExport(id, db))!
}

/** Note why an export has not come to its end. */
export async function endExport(id: number, status: "failed" | "cancelled", error: string, db: Db = pool()) {
  await db`update exports set status = ${status}, error = ${error} where id = ${id} and completed_at is null`
}

/** An export by its id. */
export async function findExport(id: number, db: Db = pool()): Promise<Export | undefined> {
  const [found] = await db<Export[]>`select ${columns(db)} from exports where id = ${id}`
  return found
}

/** Note that somebody fetches the file with this key, from its beginning or a part of it; undefined when it is to be had no longer. */
export async function countDownload(
  fileKey: string,
  fromStart: boolean,
  db: Db,
): Promise<Export | undefined> {
  const [found] = await db<Export[]>`
    update exports
    set downloads = downloads + ${fromStart ? 1 : 0}
    where file_key = ${fileKey} and status = 'completed' and expires_at > now()
    returning ${columns(db)}
  `
  return found
}

/** Exports, those asked for last first, before the one with this id. */
export const listExports = (limit: number, before: number | null, db: Db = pool()) => db<Export[]>`
  select ${columns(db)}
  from exports
  where ${before}::bigint is null or id < ${before}
  order by id desc
  limit ${limit}
`

/** Exports that are of no use any more: their files are gone already. */
export const oldExports: Aged = {
  table: "exports",
  since: "requested_at",
  target: "old-exports",
  keeps: [
    { why: "under way", rows: (db) => db`kept.status = 'processing'` },
    { why: "its file can still be fetched", rows: (db) => db`kept.status = 'completed'` },
    {
      why: "that a person's request was answered has to be shown for five years (LGPD, art. 18 and 19)",
      rows: (db) => db`kept.content = 'subject' and kept.requested_at >= now() - interval '5 years'`,
    },
  ],
}

/** The files of exports; those that have expired are gone. */
export const exportFiles: NamedFiles = {
  table: "exports",
  column: "file_key",
  folder: EXPORTS,
  storage: "exports",
  rows: (db) => db`status = 'completed'`,
}
