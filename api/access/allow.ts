import type { Context, DocumentDecoration } from "elysia"
import { jobOf } from "../../lib/jobs/index.ts"
import type { Scope } from "../../lib/scopes.ts"
import { readJson } from "../body.ts"
import { withRefusals } from "../documentation/parts.ts"
import { HttpError } from "../errors.ts"
import { auditAsked, auditDone } from "./audit.ts"
import { countRequest, kindOf } from "./limits.ts"
import { type Call, callOf, type Principal } from "./principal.ts"
import { checkQueue } from "./queues.ts"

interface Options {
  /** What the audit log calls it; only what changes nothing has none. */
  action?: string
  /** The queue it is about, where the path has none. */
  queue?: string
  /** It is about all queues, and of a key that is limited to some it answers and changes what is of these alone. */
  narrows?: true
  /** Bytes its body may have, where that is more than elsewhere. */
  bodyLimit?: number
  /** Whether anybody who has logged in may ask as well, of themselves: the handler sees to that by `personOf`. */
  orSession?: boolean
}

/** Whom a route is for. */
export interface Rule extends Options {
  /** Who has this scope, or anybody who has logged in. */
  who: Scope | "session"
}

type Asked = Pick<Context, "request" | "params" | "path" | "set" | "body">
type Answered = Pick<Context, "request" | "set"> & { responseValue?: unknown }

/** Parts of a path that name a queue. */
const QUEUE_PARAMS = ["queue", "queueName"]

/** Whom a route is for, with its page of the reference; every route that is not open says so. */
export const allow = (scope: Scope, detail: DocumentDecoration, options: Options = {}) =>
  keep({ who: scope, ...options }, { ...detail, security: [{ key: [scope] }, { session: [] }] })

/** A route for anybody who has logged in, about themselves, and for who has this scope, about anybody. */
export const allowPerson = (scope: Scope, detail: DocumentDecoration, options: Options = {}) =>
  allow(scope, detail, { ...options, orSession: true })

/** A route for anybody who has logged in, whatever their role. */
export const allowSession = (detail: DocumentDecoration, options: Options = {}) =>
  keep({ who: "session", ...options }, { ...detail, security: [{ session: [] }] })

const rules = new WeakMap<object, Rule>()

/** The rule a route has been given. */
export const ruleOf = ({ hooks }: { hooks: { beforeHandle?: unknown } }): Rule | undefined =>
  [hooks.beforeHandle ?? []]
    .flat()
    .map((hook) => rules.get(typeof hook === "object" ? (hook as { fn: object }).fn : (hook as object)))
    .find((rule) => rule !== undefined)

function keep(rule: Rule, detail: DocumentDecoration) {
  const { action } = rule
  const beforeHandle = action === undefined ? clearing(rule) : auditing(rule, action)
  rules.set(beforeHandle, rule)
  return {
    detail: { ...withRefusals(detail), ...(action && { "x-action": action }) },
    parse: "none" as const,
    beforeHandle,
    ...(action !== undefined && { afterHandle: told }),
  }
}

// A route's rule stands before its body: who may not ask is not told what is wrong with what was sent.
const clearing = (rule: Rule) => async (context: Asked) => {
  const { request, params, path, set } = context
  clear(rule, { request, params, path, set })
  context.body = await readJson(request, rule.bodyLimit)
}

const auditing = (rule: Rule, action: string) => async (context: Asked) => {
  const { request, params, path, set } = context
  const call = clear(rule, { request, params, path, set })
  context.body = await readJson(request, rule.bodyLimit)
  await auditAsked(request, call, action, path)
}

async function told({ request, set, responseValue }: Answered) {
  await auditDone(request, Number((responseValue as { code?: unknown } | null)?.code ?? set.status ?? 200))
}

/** Lets a call pass. */
function clear(rule: Rule, { request, params, path, set }: Omit<Asked, "body">): Call {
  const call = callOf(request)
  if (!call) throw new HttpError(401, "Unauthorized")
  limit(call.principal, path, set.headers)
  authorise(call.principal, rule, params as Record<string, string>)
  return call
}

/** Counts a call, and tells how it stands: draft-ietf-httpapi-ratelimit-headers-06. */
function limit(principal: Principal, path: string, headers: Context["set"]["headers"]) {
  const { isAllowed, limit, remaining, reset } = countRequest(principal.actor, kindOf(principal, path))
  const seconds = Math.ceil(reset / 1_000)
  headers["ratelimit-limit"] = limit
  headers["ratelimit-remaining"] = remaining
  headers["ratelimit-reset"] = seconds
  if (!isAllowed) throw tooMany(limit, seconds)
}

/** For who has asked too often, and may again in so many seconds. */
export const tooMany = (limit: number, seconds: number) =>
  new HttpError(429, `Too many requests: ${limit} a minute are let`, { "retry-after": String(seconds) })

function authorise({ scopes, queues, session }: Principal, rule: Rule, params: Record<string, string>) {
  if (rule.who === "session") {
    if (!session) throw new HttpError(403, "Forbidden: this is for who has logged in")
    return
  }
  if (rule.orSession && session) return
  if (!scopes.has("admin") && !scopes.has(rule.who)) throw forbidden()
  if (queues && !rule.narrows) checkQueue(queues, rule.queue ?? queueIn(params))
}

/** For who may not do what was asked for. */
export const forbidden = () => new HttpError(403, "Forbidden: admin access required")

function queueIn(params: Record<string, string> = {}): string | undefined {
  const name = QUEUE_PARAMS.map((param) => params[param]).find((value) => value !== undefined)
  return name === undefined ? undefined : jobOf(name).name
}
