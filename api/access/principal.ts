import type { ValidApiKey } from "../../db/api-keys.ts"
import type { User } from "../../db/users.ts"
import type { Scope } from "../../lib/scopes.ts"

/** Who calls. */
export interface Principal {
  /** As the ledger and the audit log name it: `admin`, `key:3 (shop)`, `user:7`. */
  actor: string
  /** `admin` stands for all. */
  scopes: ReadonlySet<Scope>
  /** The queues it is limited to. */
  queues?: ReadonlySet<string>
  keyId?: number
  /** Of somebody who has logged in. */
  session?: { id: string; user: User }
}

/** What a call has changed, for the audit log. */
export interface Change {
  target?: string
  before?: unknown
  after?: unknown
}

/** What is known of a call. */
export interface Call {
  principal: Principal
  requestId: string
  /** What it is in the audit log, once it is there: a change that it is about to make. */
  audited: { action: string; target: string } | undefined
  change: Change | undefined
}

const calls = new WeakMap<Request, Call>()

/** Remember who sent a request. */
export function identify(request: Request, principal: Principal, requestId: string): Call {
  const call = { principal, requestId, audited: undefined, change: undefined }
  calls.set(request, call)
  return call
}

/** What is known of a call; undefined of an open route's. */
export const callOf = (request: Request): Call | undefined => calls.get(request)

/** The session a request was sent with. Throws on a route that is not for sessions alone. */
export function sessionOf(request: Request) {
  const session = callOf(request)?.principal.session
  if (!session) throw new Error("The request was sent without a session")
  return session
}

/** Who sent a request, as the ledger and the audit log name it. Throws on an open route. */
export function actorOf(request: Request): string {
  const call = callOf(request)
  if (!call) throw new Error("Nobody is known to have sent this request")
  return call.principal.actor
}

/** Say what a call changes, for its entry in the audit log. */
export function describeChange(request: Request, change: Change) {
  const call = calls.get(request)
  if (call) call.change = { ...call.change, ...change }
}

/** Whoever has the key of the environment. */
export const ADMIN: Principal = { actor: "admin", scopes: new Set(["admin"]) }

/** Whoever has this key. */
export const holderOf = ({ id, name, scopes, queues }: ValidApiKey): Principal => ({
  actor: `key:${id} (${name})`,
  scopes: new Set(scopes),
  ...(queues && { queues: new Set(queues) }),
  keyId: id,
})
