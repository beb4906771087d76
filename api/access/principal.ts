/** What a caller may be let do: ask for runs, look, control what runs, and everything. */
export const scopes = ["enqueue", "read", "operate", "admin"] as const
export type Scope = (typeof scopes)[number]

/** Who calls. */
export interface Principal {
  /** As the ledger and the audit log name it: `admin`, `key:3 (shop)`, `user:7`. */
  actor: string
  /** `admin` stands for all. */
  scopes: ReadonlySet<Scope>
  /** The queues it is limited to. */
  queues?: ReadonlySet<string>
}

/** What a call has changed, for the audit log. */
export interface Change {
  target?: string
  before?: unknown
  after?: unknown
}

interface Known {
  principal: Principal
  change: Change
}

const known = new WeakMap<Request, Known>()

/** Remember who sent a request. */
export const identify = (request: Request, principal: Principal) =>
  known.set(request, { principal, change: {} })

/** Who sent a request; undefined of an open route's. */
export const principalOf = (request: Request): Principal | undefined => known.get(request)?.principal

/** Who sent a request, as the ledger and the audit log name it. Throws on an open route. */
export function actorOf(request: Request): string {
  const principal = principalOf(request)
  if (!principal) throw new Error("Nobody is known to have sent this request")
  return principal.actor
}

/** Say what a call changes, for its entry in the audit log. */
export const describeChange = (request: Request, change: Change) =>
  Object.assign(known.get(request)?.change ?? {}, change)
