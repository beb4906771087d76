import { addToAuditLog } from "../../db/audit-log.ts"
import { createLog } from "../../lib/log.ts"
import { reportError } from "../../lib/sentry/report.ts"
import { fromPostgres } from "../postgres.ts"
import { addressOf } from "./address.ts"
import { type Call, callOf } from "./principal.ts"

/** What is said of a change that cannot be written down. */
export const AWAY =
  "Nothing was done: PostgreSQL, which keeps the audit log, does not answer: try again in a moment"

const log = createLog("API")

/** Write down who asks for which change. Throws 503 when that cannot be done: what cannot be written down is not begun. */
export async function auditAsked(request: Request, call: Call, action: string, target: string) {
  const audited = { action, target }
  await fromPostgres(addToAuditLog({ phase: "asked", ...whoAsks(request, call), ...audited }), AWAY)
  call.audited = audited
}

/**
 * Write down what came of a change that was asked for, if the call is one. It has happened: when this cannot be written, the
 * process' own log has it, and that it was asked for stands.
 */
export async function auditDone(request: Request, status: number) {
  const call = callOf(request)
  if (!call?.audited) return
  const entry = { phase: "done" as const, ...whoAsks(request, call), ...call.audited, status, ...call.change }
  call.audited = undefined
  try {
    await fromPostgres(addToAuditLog(entry), AWAY)
  } catch (error) {
    log.error("What came of a change is not in the audit log", { entry, error })
    reportError(error, () => ({ tags: { action: entry.action, request_id: entry.requestId } }))
  }
}

const whoAsks = (request: Request, { principal, requestId }: Call) => ({
  actor: principal.actor,
  keyId: principal.keyId,
  address: addressOf(request),
  requestId,
})
