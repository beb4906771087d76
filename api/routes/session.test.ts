import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { digestOf } from "../../lib/digest.ts"
import { hashPassword } from "../../lib/password.ts"
import { queueClient } from "../../lib/queues.ts"
import { untilReady } from "../../lib/redis/connect.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { forgetAll } from "../../sandbox/testing.ts"

const PASSWORD = "correct horse battery"
const users = [
  { name: "Helena", email: "helena@araucaria.example", role: "admin" },
  { name: "Rafael", email: "rafael@araucaria.example", role: "broker" },
]

let goBack: () => Promise<void>
let passwordHash: string
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
  const [agency] = await pool()<{ id: number }[]>`
    insert into agencies (name, slug) values ('Araucária', 'araucaria') returning id
  `
  passwordHash = await hashPassword(PASSWORD)
  for (const user of users)
    await pool()`insert into users ${pool()({ ...user, agencyId: agency!.id, passwordHash })}`
  await untilReady(queueClient())
})
afterAll(() => goBack())

describe.each(Object.keys(runtimes) as Runtime[])("sessions, on %s", (runtime) => {
  let api: Service
  let other: Service
  beforeAll(async () => {
    const env = { TRUSTED_PROXY: "x-real-ip" }
    ;[api, other] = await Promise.all([
      startService(runtimes[runtime], env).then((service) => service.up()),
      startService(runtimes[runtime], env).then((service) => service.up()),
    ])
  })
  afterAll(() => Promise.all([api.stop(), other.stop()]))
  beforeEach(async () => {
    await forgetAll()
    await pool()`update users set password_hash = ${passwordHash}`
  })

  const send = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: unknown,
    base = api.url,
  ) =>
    fetchDescribed(`${base}${path}`, {
      method,
      headers: { ...(body ? { "content-type": "application/json" } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  const logIn = (email = "helena@araucaria.example", password = PASSWORD, headers = {}) =>
    send("POST", "/api/session", headers, { email, password })
  const cookieOf = (response: Response) => response.headers.get("set-cookie")!.split(";")[0]!
  const session = async (email?: string) => cookieOf(await logIn(email))
  const status = async (method: string, path: string, headers: Record<string, string>, base = api.url) =>
    (await send(method, path, headers, undefined, base)).status
  const origin = () => ({ origin: api.url })

  test("begin with an address and a password, and go on with a cookie that scripts cannot read", async () => {
    const response = await logIn("HELENA@araucaria.example")
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      user: { id: expect.any(Number), ...users[0]! },
    })
    expect(response.headers.get("set-cookie")).toMatch(
      /^session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const cookie = cookieOf(response)
    const shown = await send("GET", "/api/session", { cookie }, undefined, other.url)
    expect(await shown.json()).toMatchObject({ user: users[0]! })
    expect(await status("GET", "/api/admin/keys", { cookie })).toBe(200)
    expect(await status("GET", "/api/session", {})).toBe(401)
  })

  test("are Secure, and of this host alone, in production", async () => {
    const production = await (await startService(runtimes[runtime], { NODE_ENV: "production" })).up()
    const response = await send(
      "POST",
      "/api/session",
      {},
      { email: users[0]!.email, password: PASSWORD },
      production.url,
    )
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
    await production.stop()
  })

  test("are kept under the digests of their ids, and last from their last use", async () => {
    const cookie = await session()
    const id = cookie.split("=")[1]!
    const redis = queueClient()
    const key = `esteira:session:console:${digestOf(id)}`
    expect((await redis.keys("*")).filter((name) => name.includes(id))).toEqual([])
    await redis.expire(key, 60)
    expect(await status("GET", "/api/session", { cookie })).toBe(200)
    expect(await redis.ttl(key)).toBeWithin(12 * 3_600 - 60, 12 * 3_600 + 1)
    await redis.expire(key, 0)
    expect(await status("GET", "/api/session", { cookie })).toBe(401)
  })

  test("let who is no administrator know who they are, and nothing else", async () => {
    const cookie = await session("rafael@araucaria.example")
    expect(await status("GET", "/api/session", { cookie })).toBe(200)
    for (const path of [
      "/api/admin/keys",
      "/api/jobs/email/x",
      "/openapi/json",
      "/api/admin/sync-precos/latest",
    ]) {
      const response = await send("GET", path, { cookie })
      expect([path, response.status, await response.json()]).toEqual([
        path,
        403,
        { error: "Forbidden: admin access required" },
      ])
    }
  })

  test("feel at once that a role was taken away, or a user is gone", async () => {
    const cookie = await session()
    expect(await status("GET", "/api/admin/keys", { cookie })).toBe(200)
    await pool()`update users set role = 'viewer' where email = ${users[0]!.email}`
    expect(await status("GET", "/api/admin/keys", { cookie })).toBe(403)
    await pool()`update users set role = 'admin' where email = ${users[0]!.email}`
  })

  test("are not for keys, nor made by them", async () => {
    const authorization = "Bearer est_a_key_for_the_tests"
    expect(await status("GET", "/api/session", { authorization })).toBe(403)
    expect(await status("DELETE", "/api/session", { authorization })).toBe(403)
  })

  test("a page of another site can change nothing with: CSRF", async () => {
    const cookie = await session()
    const key = { name: "evil", scopes: ["admin"] }
    const make = async (headers: Record<string, string>) =>
      (await send("POST", "/api/admin/keys", { cookie, ...headers }, key)).status
    for (const headers of [
      {},
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `${api.url}.evil.example` },
      { origin: `http://evil.example:${api.port}` },
      { origin: `http://127.0.0.1:${other.port}` },
      { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
      { origin: "127.0.0.1" },
    ])
      expect([headers, await make(headers as never)]).toEqual([headers, 403])
    expect(await status("DELETE", "/api/session", { cookie, origin: "https://evil.example" })).toBe(403)
    expect(await make(origin())).toBe(201)
    // Nor have a browser log in as somebody else.
    expect((await logIn(undefined, undefined, { origin: "https://evil.example" })).status).toBe(403)
    expect((await logIn(undefined, undefined, origin())).status).toBe(200)
  })

  test("never take over an id that came from outside: fixation", async () => {
    const planted = `session=${"A".repeat(43)}`
    const response = await logIn(undefined, undefined, { cookie: planted })
    expect(cookieOf(response)).not.toBe(planted)
    expect(await status("GET", "/api/session", { cookie: planted })).toBe(401)
    // Nor does one session become another's.
    const first = await session("rafael@araucaria.example")
    const second = cookieOf(await logIn(undefined, undefined, { cookie: first }))
    expect(second).not.toBe(first)
    expect(await status("GET", "/api/session", { cookie: first })).toBe(401)
    expect(await status("GET", "/api/session", { cookie: second })).toBe(200)
  })

  test("that were stolen are worth nothing after a logout", async () => {
    const cookie = await session()
    const response = await send("DELETE", "/api/session", { cookie, ...origin() })
    expect(response.headers.get("set-cookie")).toMatch(/^session=; Max-Age=0; /)
    for (const base of [api.url, other.url])
      expect(await status("GET", "/api/session", { cookie }, base)).toBe(401)
  })

  test("end everywhere with a change of password, but for the one that has changed it", async () => {
    const [mine, elsewhere, rafaels] = [
      await session(),
      await session(),
      await session("rafael@araucaria.example"),
    ]
    const change = (body: object, cookie = mine) =>
      send("POST", "/api/session/password", { cookie, ...origin() }, body)
    const newPassword = "another horse, another battery"
    expect((await change({ currentPassword: "wrong", newPassword })).status).toBe(400)
    expect((await change({ currentPassword: PASSWORD, newPassword: "short" })).status).toBe(400)
    expect(await status("GET", "/api/session", { cookie: elsewhere })).toBe(200)

    const response = await change({ currentPassword: PASSWORD, newPassword })
    expect(response.status).toBe(200)
    for (const base of [api.url, other.url]) {
      expect(await status("GET", "/api/session", { cookie: elsewhere }, base)).toBe(401)
      expect(await status("GET", "/api/session", { cookie: mine }, base)).toBe(401)
      expect(await status("GET", "/api/session", { cookie: cookieOf(response) }, base)).toBe(200)
      expect(await status("GET", "/api/session", { cookie: rafaels }, base)).toBe(200)
    }
    expect((await logIn()).status).toBe(401)
    expect((await logIn(undefined, newPassword)).status).toBe(200)
  })

  test("tell nobody which addresses there are: enumeration", async () => {
    const told = async (email: string, password: string) => {
      const response = await logIn(email, password)
      const headers = Object.fromEntries(response.headers)
      for (const changing of ["date", "x-request-id"]) delete headers[changing]
      return { status: response.status, headers, body: await response.text() }
    }
    const known = await told("helena@araucaria.example", "wrong")
    expect(known).toMatchObject({ status: 401, body: '{"error":"Wrong address or password"}' })
    expect(await told("nobody@araucaria.example", "wrong")).toEqual(known)
    // Neither does the tenth try.
    for (const email of ["helena@araucaria.example", "nobody@araucaria.example"]) {
      for (let time = 0; time < 9; time++) expect((await logIn(email, "wrong")).status).toBe(401)
      const late = await logIn(email)
      expect([late.status, await late.json()]).toEqual([
        429,
        { error: "Too many tries to log in: wait, or use an API key" },
      ])
      expect(Number(late.headers.get("retry-after"))).toBeWithin(1, 901)
    }
  })

  test("cannot be had by trying: of an account from everywhere, and from a place of every account", async () => {
    const tryOf = async (email: string, address: string) =>
      (await logIn(email, "wrong", { "x-real-ip": address })).status
    for (let time = 0; time < 10; time++)
      expect(await tryOf("helena@araucaria.example", `192.0.2.${time}`)).toBe(401)
    expect(await tryOf("helena@araucaria.example", "192.0.2.99")).toBe(429)
    expect(await tryOf("Helena@Araucaria.example", "192.0.2.99")).toBe(429)

    // PostgreSQL lowers this letter to the i of the account: were it looked up so, each way to write it would have tries of its own.
    for (const way of ["helena@araucarİa.example", "HELENA@ARAUCARİA.EXAMPLE"])
      expect((await logIn(way, PASSWORD, { "x-real-ip": "192.0.2.100" })).status).toBe(401)

    const places = Array.from({ length: 31 }, (_, i) => tryOf(`${i}@araucaria.example`, `2001:db8:0:1::${i}`))
    const refused = (await Promise.all(places)).filter((code) => code === 429)
    expect(refused).toHaveLength(1)
    expect(await tryOf("other@araucaria.example", "2001:db8:0:2::1")).toBe(401)
    // Who knows the password is counted from nought again.
    for (let time = 0; time < 12; time++) expect((await logIn("rafael@araucaria.example")).status).toBe(200)
  })

  test("are not had by cookies that are huge, doubled or of another form", async () => {
    const cookie = await session()
    const id = cookie.split("=")[1]!
    for (const hostile of [
      `${cookie}; ${cookie}`,
      `session=${"A".repeat(43)}; ${cookie}`,
      `a=${"x".repeat(15_900)}; b=${"y".repeat(600)}; ${cookie}`,
      `session=${id}x`,
      `session="${id}"`,
      `session=${id}%00`,
      `xsession=${id}`,
      `session=../${id.slice(3)}`,
      "session=",
      "=;=;;",
    ]) {
      const told = await status("GET", "/api/session", { cookie: hostile })
      // A server may refuse so long a header itself.
      expect([401, 431]).toContain(told)
    }
    expect(await status("GET", "/api/session", { cookie: `a=1; ${cookie};b="x"` })).toBe(200)
  })

  test("are not had by headers within headers", async () => {
    const response = await logIn("a@b.example\r\nset-cookie: session=x", "wrong", {
      "x-real-ip": "1.2.3.4, evil",
    })
    expect(response.headers.get("set-cookie")).toBeNull()
    const injected = await send("GET", "/health", { "x-request-id": "a set-cookie: b" })
    expect(injected.headers.get("x-request-id")).not.toContain("set-cookie")
  })

  test("of others are not told by what Express applications keep in the same Redis", async () => {
    const id = "B".repeat(43)
    const [user] = await pool()`select id, credentials from users where role = 'admin'`
    await queueClient().set(
      `esteira:session:application:${digestOf(id)}`,
      JSON.stringify({ userId: user!.id, credentials: user!.credentials, beganAt: Date.now() }),
    )
    expect(await status("GET", "/api/session", { cookie: `session=${id}` })).toBe(401)
  })
})
