import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { join } from "node:path"
import { required } from "../sandbox/required.ts"
import { type Service, startService } from "../sandbox/service.ts"
import { digestOf } from "./digest.ts"
import { queueClient } from "./queues.ts"
import { untilReady } from "./redis/connect.ts"
import { createRedisSessionStore, getSessionConfig } from "./session-redis.ts"

const node = Bun.which("node")
const root = join(import.meta.dir, "..")

describe.skipIf(!required("Node", node))(
  "an Express application on Node with the specification's lines",
  () => {
    let folder: string
    let app: Service
    beforeAll(async () => {
      folder = await mkdtemp(join(root, "node_modules", ".sessions-"))
      const built = await Bun.build({
        entrypoints: [join(import.meta.dir, "session-redis.example.mjs")],
        outdir: folder,
        target: "node",
        packages: "external",
      })
      expect(built.success).toBe(true)
      app = await (await startService([node!, join(folder, "session-redis.example.js")])).up()
      await untilReady(queueClient())
    })
    afterAll(async () => {
      await app.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const ask = async (path: string, cookie = "", method = "GET") => {
      const response = await fetch(`${app.url}${path}`, { method, headers: { cookie } })
      const set = response.headers.get("set-cookie")
      return {
        set,
        cookie: set?.split(";")[0] ?? cookie,
        body: (await response.json()) as Record<string, unknown>,
      }
    }
    const keyOf = (id: unknown) => `esteira:session:application:${digestOf(String(id))}`

    test("keeps sessions in Redis, under the digests of their ids", async () => {
      const first = await ask("/views")
      expect(first.set).toMatch(/^sid=s%3A.*; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/)
      expect(first.body.views).toBe(1)
      expect((await ask("/views", first.cookie)).body).toEqual({ id: first.body.id, views: 2 })
      expect((await ask("/views")).body.views).toBe(1)
      const stored = JSON.parse((await queueClient().get(keyOf(first.body.id)))!)
      expect(stored).toMatchObject({ views: 2, cookie: { httpOnly: true, sameSite: "lax" } })
    })

    test("keeps none for who has left nothing in it, nor for a cookie of another secret", async () => {
      expect((await ask("/untouched")).set).toBeNull()
      const { body } = await ask("/views")
      const forged = `sid=s%3A${body.id}.${"A".repeat(43)}`
      expect((await ask("/views", forged)).body).toMatchObject({ views: 1 })
    })

    test("has one last from its last use, whatever that was", async () => {
      const { body, cookie } = await ask("/views")
      await queueClient().expire(keyOf(body.id), 60)
      await ask("/untouched", cookie)
      expect(await queueClient().ttl(keyOf(body.id))).toBeWithin(86_300, 86_401)
    })

    test("reloads and loads one as it was left", async () => {
      const { body, cookie } = await ask("/views")
      expect((await ask("/reloaded", cookie)).body).toEqual({ views: 1, expires: true })
      expect((await ask("/loaded", cookie)).body).toEqual({ error: null, id: body.id, views: 1 })
      expect((await ask("/loaded")).body).toEqual({ error: null, id: null, views: null })
    })

    test("has a login begin another, and a logout end it", async () => {
      const before = await ask("/views")
      const login = await ask("/login", before.cookie, "POST")
      expect(login.body.id).not.toBe(before.body.id)
      expect(await queueClient().exists(keyOf(before.body.id))).toBe(0)
      expect(JSON.parse((await queueClient().get(keyOf(login.body.id)))!)).toMatchObject({ user: "ana" })
      expect((await ask("/logout", login.cookie, "POST")).body).toEqual({ error: null })
      expect(await queueClient().exists(keyOf(login.body.id))).toBe(0)
    })
  },
)

test("a session that has expired is not stored, and what goes wrong is told to who asked", async () => {
  const store = createRedisSessionStore()
  const told = (act: (done: (error?: unknown, value?: unknown) => void) => void) =>
    new Promise((resolve) => act((error, value) => resolve(error ?? value ?? null)))
  const cookie = { expires: new Date(Date.now() - 1_000) }
  expect(await told((done) => store.set("old", { cookie }, done))).toBeNull()
  expect(await told((done) => store.get("old", done))).toBeNull()
  await queueClient().set(`esteira:session:application:${digestOf("broken")}`, "{")
  expect(await told((done) => store.get("broken", done))).toBeInstanceOf(SyntaxError)
})

test("needs SESSION_SECRET, and has cookies go over TLS alone in production", () => {
  const { SESSION_SECRET, NODE_ENV } = process.env
  try {
    process.env.NODE_ENV = "production"
    expect(getSessionConfig(createRedisSessionStore())).toMatchObject({
      proxy: true,
      cookie: { secure: true, httpOnly: true },
    })
    process.env.SESSION_SECRET = ""
    expect(() => getSessionConfig(createRedisSessionStore())).toThrow("set SESSION_SECRET (")
  } finally {
    Object.assign(process.env, { SESSION_SECRET, NODE_ENV })
  }
})
