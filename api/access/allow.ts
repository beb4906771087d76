import type { Context, DocumentDecoration } from "elysia"
import { jobOf } from "../../lib/jobs/index.ts"
import { HttpError } from "../errors.ts"
import { principalOf, type Scope } from "./principal.ts"

interface Rule {
  /** What the audit log calls it; only what changes nothing has none. */
  action?: string
  /** The queue it is about, where the path has none. */
  queue?: string
}

/** Parts of a path that name a queue. */
const QUEUE_PARAMS = ["queue", "queueName"]

/** Whom a route is for, with its page of the reference; every route that is not open says so. */
export const allow = (scope: Scope, detail: DocumentDecoration, { action, queue }: Rule = {}) => ({
  detail: { ...detail, security: [{ key: [scope] }], ...(action && { "x-action": action }) },
  beforeHandle: ({ request, params }: Pick<Context, "request" | "params">) =>
    authorise(request, scope, queue ?? queueIn(params as Record<string, string>)),
})

function queueIn(params: Record<string, string> = {}): string | undefined {
  const name = QUEUE_PARAMS.map((param) => params[param]).find((value) => value !== undefined)
  return name === undefined ? undefined : jobOf(name).name
}

function authorise(request: Request, scope: Scope, queue: string | undefined) {
  const principal = principalOf(request)
  if (!principal) throw new HttpError(401, "Unauthorized")
  const { scopes, queues } = principal
  if (!scopes.has("admin") && !scopes.has(scope)) throw new HttpError(403, "Forbidden: admin access required")
  if (queues && !(queue && queues.has(queue)))
    throw new HttpError(403, `Forbidden: this key is for ${[...queues].join(", ")} alone`)
}
