import { Elysia } from "elysia"
import { listAuditLog } from "../../db/audit-log.ts"
import { allow } from "../access/allow.ts"
import { auditQuery } from "../audit.ts"
import { documentAudit } from "../documentation/audit.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"

const AWAY = "PostgreSQL, which keeps the audit log, does not answer: try again in a moment"

/** The audit log, to be read. */
export const auditRoutes = new Elysia().get(
  "/api/admin/audit",
  ({ query }) => list(query),
  allow("admin", documentAudit()),
)

async function list(query: unknown) {
  const asked = parse(auditQuery, query)
  const { limit, ...filter } = asked
  // One more than asked for tells whether there is a next page.
  const found = await fromPostgres(listAuditLog(filter, limit + 1), AWAY)
  const entries = found.slice(0, limit)
  return { entries, next: found.length > limit ? entries.at(-1)!.id : null }
}
