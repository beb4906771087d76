import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { isApiKey } from "../../lib/api-key.ts"
import { digestOf } from "../../lib/digest.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { startProxy } from "../../sandbox/proxy.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"

const ADMIN = "est_a_key_for_the_tests"
const mail = { data: { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } } }

/** A key as the API tells it when it is made. */
interface Made {
  id: number
  key: string
}

const call = async (base: string, method: string, path: string, key: string, body?: unknown) => {
  const response = await fetchDescribed(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const make = async (base: string, key: object) =>
  (await call(base, "POST", "/api/admin/keys", ADMIN, { name: "shop", ...key })).body as unknown as Made

describe.each(Object.keys(runtimes) as Runtime[])("API keys, on %s", (runtime) => {
  let api: Service
  let other: Service
  beforeAll(async () => {
    ;[api, other] = await Promise.all([
      startService(runtimes[runtime]).then((service) => service.up()),
      startService(runtimes[runtime]).then((service) => service.up()),
    ])
  })
  afterAll(async () => {
    await queueOf(email).obliterate({ force: true })
    await Promise.all([api.stop(), other.stop()])
  })

  const ask = (key: string, base = api.url, path = "/api/jobs/email") => call(base, "POST", path, key, mail)

  test("are made, shown once, kept as a digest, and used at once in every process", async () => {
    const made = await call(api.url, "POST", "/api/admin/keys", ADMIN, {
      name: "Loja São José",
      scopes: ["enqueue", "enqueue", "read"],
      queues: ["email-send", "email"],
      expiresAt: "2100-01-01T00:00:00-03:00",
    })
    expect(made).toEqual({
      status: 201,
      body: {
        id: expect.any(Number),
        key: expect.any(String),
        name: "Loja São José",
        scopes: ["enqueue", "read"],
        queues: ["email"],
        createdBy: "admin",
        createdAt: expect.any(String),
        expiresAt: "2100-01-01T03:00:00.000Z",
        lastUsedAt: null,
        revokedAt: null,
        revokedBy: null,
      },
    })
    const { id, key } = made.body as unknown as Made
    expect(isApiKey(key)).toBe(true)
    expect((await ask(key)).status).toBe(202)
    expect((await ask(key, other.url)).status).toBe(202)

    const listed = await call(api.url, "GET", "/api/admin/keys", ADMIN)
    expect(listed.body.keys).toContainEqual(expect.objectContaining({ id, name: "Loja São José" }))
    expect(JSON.stringify(listed.body)).not.toContain(key)
    const [row] = await pool()`select * from api_keys where id = ${id}`
    expect(row?.digest).toBe(digestOf(key))
    expect(JSON.stringify(row)).not.toContain(key.slice(4))
    expect(api.output() + other.output()).not.toContain(key.slice(4))
  })

  test("do what their scopes say, on the queues they are for", async () => {
    const forbidden = { status: 403, body: { error: "Forbidden: admin access required" } }
    const { key } = await make(api.url, { scopes: ["enqueue"], queues: ["email"] })
    expect((await ask(key)).status).toBe(202)
    expect(await call(api.url, "GET", `/api/jobs/email/${crypto.randomUUID()}`, key)).toEqual(forbidden)
    expect(await call(api.url, "GET", "/api/admin/keys", key)).toEqual(forbidden)
    expect(await ask(key, api.url, "/api/jobs/price-sync")).toEqual({
      status: 403,
      body: { error: "Forbidden: this key is for email alone" },
    })
    expect((await ask(key, api.url, "/api/admin/sync-precos/start")).status).toBe(403)
  })

  test("that are ended are refused at once where that was asked, and within five seconds elsewhere", async () => {
    const { id, key } = await make(api.url, { scopes: ["enqueue"] })
    expect((await ask(key)).status).toBe(202)
    expect((await ask(key, other.url)).status).toBe(202)
    expect(await call(api.url, "DELETE", `/api/admin/keys/${id}`, ADMIN)).toEqual({
      status: 200,
      body: { success: true, message: `The key ${id} (shop) has ended` },
    })
    expect(await ask(key)).toEqual({ status: 401, body: { error: "Unauthorized" } })
    expect(await until(async () => (await ask(key, other.url)).status === 401, 5_500)).toBe(true)
    expect((await call(api.url, "DELETE", `/api/admin/keys/${id}`, ADMIN)).status).toBe(404)
    expect((await call(api.url, "DELETE", "/api/admin/keys/1'--", ADMIN)).status).toBe(404)
  })

  test("that have expired are refused", async () => {
    const { id, key } = await make(api.url, { scopes: ["enqueue"] })
    expect((await ask(key)).status).toBe(202)
    // Known already with the time it had: read anew as a process does that has just started.
    await pool()`update api_keys set expires_at = now() where id = ${id}`
    expect(await until(async () => (await ask(key)).status === 401, 5_500)).toBe(true)
    const soon = await make(api.url, { scopes: ["enqueue"], expiresAt: new Date(Date.now() + 2_500) })
    expect((await ask(soon.key)).status).toBe(202)
    expect(await until(async () => (await ask(soon.key)).status === 401, 5_000)).toBe(true)
  })

  test("are refused when they are not what a key can be", async () => {
    for (const key of [
      { scopes: [] },
      { scopes: ["root"] },
      { scopes: ["read"], queues: ["mail"] },
      { scopes: ["read"], queues: [] },
      { scopes: ["read"], name: "a\r\nset-cookie: x" },
      { scopes: ["read"], expiresAt: "2020-01-01T00:00:00Z" },
      { scopes: ["read"], expiresAt: "9999-12-31T23:59:59-23:59" },
      { scopes: ["read"], digest: "x" },
    ])
      expect((await call(api.url, "POST", "/api/admin/keys", ADMIN, { name: "shop", ...key })).status).toBe(
        400,
      )
  })

  test("are not had by what looks like one, however it is sent", async () => {
    const { key } = await make(api.url, { scopes: ["enqueue"] })
    const status = async (authorization: string) =>
      (await fetch(`${api.url}/api/jobs/email/x`, { headers: { authorization } })).status
    for (const hostile of [
      `Bearer ${key}x`,
      `Bearer ${key.slice(0, -1)}`,
      `Bearer ${key.toUpperCase()}`,
      `Bearer ${digestOf(key)}`,
      `Bearer est_${digestOf(key)}`,
      `Bearer ${key} ${key}`,
      `Bearer ${key},Bearer ${key}`,
      `Bearer "${key}"`,
      `Bearer ${key}%00`,
      `Bearer est_' or true --`,
      `Bearer ${"est_".repeat(2_000)}`,
      `Bearer ${" ".repeat(7_000)}x y`,
      "Bearer __proto__",
      "Bearer",
      `Token ${key}`,
      `Basic ${btoa(`x:${key}`)}`,
    ])
      expect([hostile.slice(0, 60), await status(hostile)]).toEqual([hostile.slice(0, 60), 401])
    // A key that may not look, but is one.
    expect(await status(`bearer   ${key}`)).toBe(403)
  })

  test("tell when they were used last", async () => {
    const { id, key } = await make(api.url, { scopes: ["enqueue"] })
    await ask(key)
    const used = async () =>
      (await pool()<{ lastUsedAt: Date | null }[]>`select last_used_at from api_keys where id = ${id}`)[0]
    expect(await used()).toEqual({ lastUsedAt: null })
    expect(await until(async () => (await used())?.lastUsedAt !== null, 15_000)).toBe(true)
  })

  test("that are known go on while PostgreSQL is away; others hear that it is", async () => {
    const server = new URL(process.env.DATABASE_URL!)
    const proxy = await startProxy(Number(server.port))
    const DATABASE_URL = Object.assign(new URL(server), { host: `127.0.0.1:${proxy.port}` }).href
    const one = await (await startService(runtimes[runtime], { DATABASE_URL })).up()
    const known = await make(one.url, { scopes: ["enqueue"] })
    const unknown = await make(api.url, { scopes: ["enqueue"] })
    expect((await ask(known.key, one.url)).status).toBe(202)
    await proxy.stop()
    const isAway = async () => (await ask(unknown.key, one.url)).status === 503
    expect(await until(isAway, 10_000)).toBe(true)
    expect((await ask(known.key, one.url)).status).toBe(202)
    expect((await ask(ADMIN, one.url)).status).toBe(202)
    expect((await ask("est_nonsense", one.url)).status).toBe(401)
    await one.stop()
  })
})
