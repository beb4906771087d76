import { gather } from "../lib/gather.ts"
import { asJson } from "./json.ts"
import { type Db, pool, sidePool } from "./pool.ts"

/** Who asks for which change, before it is begun; or what came of that, with the status of the answer. */
export interface AuditEntry {
  phase: "asked" | "done"
  actor: string
  keyId?: number | undefined
  address?: string | undefined
  requestId?: string | undefined
  action: string
  target: string
  status?: number | undefined
  before?: unknown
  after?: unknown
}

/** An entry as it is kept. */
export interface AuditRecord {
  id: number
  phase: "asked" | "done"
  actor: string
  keyId: number | null
  address: string | null
  requestId: string | null
  action: string
  target: string
  status: number | null
  before: unknown
  after: unknown
  createdAt: Date
}

/** Entries that go into one statement: those of all processes wait for each other. */
const MOST = 200

/** Add an entry to the audit log; those of a process that come together are written together. */
export const addToAuditLog: (entry: AuditEntry) => Promise<void> = gather(
  (entries) => insert(entries, sidePool()),
  MOST,
)

const insert = (entries: AuditEntry[], db: Db) => db`
  insert into audit_log (phase, actor, key_id, address, request_id, action, target, status, before, after)
  select phase, actor, "keyId", address, "requestId", action, target, status, before, after
  from jsonb_to_recordset(${asJson(entries)}::text::jsonb) as entry (
    phase text, actor text, "keyId" bigint, address text, "requestId" text, action text, target text, status int,
    before jsonb, after jsonb
  )
`

/** What is looked for; what is not said is any. `before` is the id that those of a page are below. */
export interface AuditFilter {
  actor?: string | undefined
  action?: string | undefined
  target?: string | undefined
  requestId?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  before?: number | undefined
}

/** Entries, the latest first. */
export async function listAuditLog(
  filter: AuditFilter,
  limit: number,
  db: Db = pool(),
): Promise<AuditRecord[]> {
  const rows = await find(filter, limit, db)
  return rows.map((row) => ({ ...row, before: parse(row.before), after: parse(row.after) }))
}

const parse = (json: string | null): unknown => (json === null ? null : JSON.parse(json))

/** Their JSON as text: the pool would rename what is in it. */
type Row = Omit<AuditRecord, "before" | "after"> & { before: string | null; after: string | null }

const find = (filter: AuditFilter, limit: number, db: Db) => db<Row[]>`
  select id, phase, actor, key_id, address, request_id, action, target, status, before::text, after::text, created_at
  from audit_log
  where true
    ${filter.actor === undefined ? db`` : db`and actor = ${filter.actor}`}
    ${filter.action === undefined ? db`` : db`and action = ${filter.action}`}
    ${filter.target === undefined ? db`` : db`and target = ${filter.target}`}
    ${filter.requestId === undefined ? db`` : db`and request_id = ${filter.requestId}`}
    ${filter.from === undefined ? db`` : db`and created_at >= ${filter.from}`}
    ${filter.to === undefined ? db`` : db`and created_at < ${filter.to}`}
    ${filter.before === undefined ? db`` : db`and id < ${filter.before}`}
  order by id desc
  limit ${limit}
`
