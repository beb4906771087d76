import type { Context, DocumentDecoration } from "elysia"
import { jobOf } from "../../lib/jobs/index.ts"
import type { Scope } from "../../lib/scopes.ts"
import { readJson } from "../body.ts"
import { HttpError } from "../errors.ts"
import { callOf, type Principal } from "./principal.ts"

interface Options {
  /** What the audit log calls it; only what changes nothing has none. */
  action?: string
  /** The queue it is about, where the path has none. */
  queue?: string
}

/** Whom a route is for. */
export interface Rule extends Options {
  /** Who has this scope, or anybody who has logged in. */
  who: Scope | "session"
}

type Asked = Pick<Context, "request" | "params" | "path" | "set">

/** Parts of a path that name a queue. */
const QUEUE_PARAMS = ["queue", "queueName"]

/** Whom a route is for, with its page of the reference; every route that is not open says so. */
export const allow = (scope: Scope, detail: DocumentDecoration, options: Options = {}) =>
  keep({ who: scope, ...options }, { ...detail, security: [{ key: [scope] }, { session: [] }] })

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

/** A route's rule stands before its body: who may not ask is not told what is wrong with what was sent. */
function keep(rule: Rule, detail: DocumentDecoration) {
  const parse = ({ request, params, path, set }: Asked) => {
    clear(rule, { request, params, path, set })
    return readJson(request)
  }
  const beforeHandle = ({ request, params, path, set }: Asked) => {
    clear(rule, { request, params, path, set })
  }
  rules.set(beforeHandle, rule)
  return { detail: { ...detail, ...(rule.action && { "x-action": rule.action }) }, parse, beforeHandle }
}

/** Lets a call pass, once: with a body, before that is read. */
function clear(rule: Rule, { request, params }: Asked) {
  const call = callOf(request)
  if (!call) throw new HttpError(401, "Unauthorized")
  if (call.isCleared) return
  authorise(call.principal, rule, params as Record<string, string>)
  call.isCleared = true
}

function authorise({ scopes, queues, session }: Principal, rule: Rule, params: Record<string, string>) {
  if (rule.who === "session") {
    if (!session) throw new HttpError(403, "Forbidden: this is for who has logged in")
    return
  }
  if (!scopes.has("admin") && !scopes.has(rule.who))
    throw new HttpError(403, "Forbidden: admin access required")
  if (!queues) return
  const queue = rule.queue ?? queueIn(params)
  if (!queue || !queues.has(queue))
    throw new HttpError(403, `Forbidden: this key is for ${[...queues].join(", ")} alone`)
}

function queueIn(params: Record<string, string> = {}): string | undefined {
  const name = QUEUE_PARAMS.map((param) => params[param]).find((value) => value !== undefined)
  return name === undefined ? undefined : jobOf(name).name
}
