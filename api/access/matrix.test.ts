import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Elysia } from "elysia"
import { insertAdmin } from "../../db/admins.ts"
import { insertApiKey, revokeApiKey } from "../../db/api-keys.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { createApiKey } from "../../lib/api-key.ts"
import { digestOf } from "../../lib/digest.ts"
import { hashPassword } from "../../lib/password.ts"
import { type Scope, scopes } from "../../lib/scopes.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { createApp } from "../app.ts"
import { type Rule, ruleOf } from "./allow.ts"
import { checkRules, type Route } from "./check-rules.ts"
import { openRoutes } from "./open.ts"

const QUEUE = "email"
const OTHER = "price-sync"
const PASSWORD = "correct horse battery"

const routes = createApp().routes as readonly Route[]
const shut = routes.flatMap((route) => {
  const rule = ruleOf(route)
  return rule ? [{ ...route, rule, name: `${route.method} ${route.path}` }] : []
})
type Shut = (typeof shut)[number]

/** The queue a route is about, as this test asks for it. */
const queueOf = ({ path, rule }: Shut) => rule.queue ?? (/:queue(?:Name)?\b/.test(path) ? QUEUE : undefined)
/** What a route that is about all queues answers to a key for some is another test's. */
const isOn = (queue: string, route: Shut) => route.rule.narrows || queueOf(route) === queue
const isSafe = ({ method }: Shut) => method === "GET"
const isFor = (scope: Scope, { who }: Rule) => who !== "session" && (scope === "admin" || who === scope)

/** What each caller is answered by a route: its status when they may not ask, or that they may. */
type Expected = (route: Shut) => 401 | 403 | "allowed"

const callers: Record<
  string,
  { headers: (api: Service) => Promise<Record<string, string>>; expected: Expected }
> = {
  anonymous: { headers: async () => ({}), expected: () => 401 },
  "a key that never was": { headers: async () => bearer(createApiKey()), expected: () => 401 },
  "an expired key": {
    headers: async () => bearer(await key({ expiresAt: new Date(Date.now() - 1_000) })),
    expected: () => 401,
  },
  "a revoked key": { headers: async () => bearer(await key({}, true)), expected: () => 401 },
  ...Object.fromEntries(
    scopes.map((scope) => [
      `a key for ${scope} alone`,
      {
        headers: async () => bearer(await key({ scopes: [scope] })),
        expected: ({ rule }: Shut) => (isFor(scope, rule) ? "allowed" : 403),
      },
    ]),
  ),
  "a key for everything on one queue": {
    headers: async () => bearer(await key({ queues: [QUEUE] })),
    expected: (route) => (isOn(QUEUE, route) && route.rule.who !== "session" ? "allowed" : 403),
  },
  "a key for everything on another queue": {
    headers: async () => bearer(await key({ queues: [OTHER] })),
    expected: (route) => (isOn(OTHER, route) && route.rule.who !== "session" ? "allowed" : 403),
  },
  "the key of the environment": {
    headers: async () => bearer(process.env.ADMIN_API_KEY!),
    expected: ({ rule }) => (rule.who === "session" ? 403 : "allowed"),
  },
  "somebody who is no administrator": {
    headers: async (api) => ({ ...(await session(api, "rafael@araucaria.example")), origin: api.url }),
    expected: ({ rule }) => (rule.who === "session" || rule.orSession ? "allowed" : 403),
  },
  "an administrator": {
    headers: async (api) => ({ ...(await session(api)), origin: api.url }),
    expected: () => "allowed",
  },
  "an administrator's browser on another site": {
    headers: async (api) => ({ ...(await session(api)), origin: "https://evil.example" }),
    expected: (route) => (isSafe(route) ? "allowed" : 403),
  },
  "an administrator's session without an origin": {
    headers: (api) => session(api),
    expected: (route) => (isSafe(route) ? "allowed" : 403),
  },
  "an administrator's session of yesterday": {
    headers: async (api) => ({ cookie: `session=${createApiKey().slice(4)}`, origin: api.url }),
    expected: () => 401,
  },
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

async function key(over: { scopes?: Scope[]; queues?: string[]; expiresAt?: Date }, isRevoked = false) {
  const key = createApiKey()
  const made = await insertApiKey({
    name: "matrix",
    digest: digestOf(key),
    scopes: [...scopes],
    queues: null,
    expiresAt: null,
    createdBy: "admin",
    ...over,
  })
  if (isRevoked) await revokeApiKey(made!.id, "admin")
  return key
}

async function session(api: Service, email = "helena@araucaria.example") {
  const response = await fetch(`${api.url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: PASSWORD }),
  })
  return { cookie: response.headers.get("set-cookie")!.split(";")[0]! }
}

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
  const passwordHash = await hashPassword(PASSWORD)
  for (const name of ["helena", "rafael"])
    await insertAdmin({ name, email: `${name}@araucaria.example`, agency: "Araucária", passwordHash })
  await pool()`update users set role = 'broker' where name = 'rafael'`
})
afterAll(() => goBack())

test("every route is for somebody, or listed as open", () => {
  expect(shut.length).toBeGreaterThan(20)
  expect(
    routes
      .filter((route) => !ruleOf(route))
      .map(({ method, path }) => `${method} ${path}`)
      .sort(),
  ).toEqual([...openRoutes].sort())
  const forgotten = new Elysia().get("/api/forgotten", () => "secret")
  expect(() => checkRules([...routes, ...(forgotten.routes as readonly Route[])])).toThrow(
    "GET /api/forgotten must either be allowed to somebody or stand in openRoutes",
  )
  expect(() => checkRules(routes.filter(({ path }) => path !== "/health"))).toThrow(
    "GET /health of openRoutes is no route",
  )
})

test("every changing route has a name in the audit log, but those that ask for runs or for a preview", () => {
  const silent = shut.filter((route) => !isSafe(route) && !route.rule.action && route.rule.who !== "enqueue")
  expect(silent.map(({ name }) => name)).toEqual([])
})

describe.each(Object.keys(runtimes) as Runtime[])("on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  afterAll(() => api.stop())

  const ask = async ({ method, path }: Route, headers: Record<string, string>) => {
    const filled = path
      .replaceAll(/:queue(?:Name)?\b/g, QUEUE)
      .replaceAll(/:(\w+)\??/g, () => crypto.randomUUID())
    // With a body that no route takes: whoever may ask is told of that, and nothing is changed.
    const body = method === "GET" ? {} : { body: "{", headers: { ...headers, "content-type": "text/plain" } }
    const response = await fetch(`${api.url}${filled}`, { method, headers, ...body })
    await response.body?.cancel()
    return response.status
  }
  const answerTo = (route: Shut, status: number) => {
    if (status === 401 || status === 403) return status
    return isSafe(route) || status === 415 ? "allowed" : status
  }

  test.each(Object.keys(callers))("%s", async (caller) => {
    const { headers, expected } = callers[caller]!
    const sent = await headers(api)
    const answers = await Promise.all(
      shut.map(async (route) => [route.name, answerTo(route, await ask(route, sent))]),
    )
    expect(answers).toEqual(shut.map((route) => [route.name, expected(route)]))
  })

  test("open routes ask nobody who they are, but those that carry a secret of their own", async () => {
    for (const route of routes.filter((route) => !ruleOf(route))) {
      const { method, path } = route
      const isRefused = [401, 403].includes(await ask(route, {}))
      expect([method, path, isRefused]).toEqual([method, path, /^\/(?:feeds|webhooks\/leads)\//.test(path)])
    }
  })
})
