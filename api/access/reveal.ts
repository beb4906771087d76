import { HttpError } from "../errors.ts"
import { auditAsked, auditDone } from "./audit.ts"
import { callOf, describeChange } from "./principal.ts"

/**
 * Show personal data: to admins alone, and told in the audit log before anything is shown. Throws 403, and 503 when it cannot be
 * written there.
 */
export async function revealed<T>(request: Request, target: string, show: () => Promise<T>): Promise<T> {
  const call = callOf(request)
  if (!call?.principal.scopes.has("admin")) throw new HttpError(403, "Forbidden: admin access required")
  await auditAsked(request, call, "run.reveal", target)
  describeChange(request, { target })
  const shown = await show()
  await auditDone(request, 200)
  return shown
}
