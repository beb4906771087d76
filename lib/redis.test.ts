import { afterEach, describe, expect, test } from "bun:test"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../sandbox/ports.ts"
import { startRedis } from "../sandbox/redis/server.ts"
import { startCluster, startSentinel } from "../sandbox/redis/topologies.ts"
import { startService } from "../sandbox/service.ts"
import { until } from "../sandbox/until.ts"
import { ConfigurationError } from "./errors.ts"
import { redisEnv, redisTarget } from "./redis.ts"

const target = (env: Record<string, string>) => redisTarget(redisEnv(env))

describe("the environment names a Redis", () => {
  test("by its URL, with or without TLS", () => {
    expect(target({ REDIS_URL: "redis://user:p%40ss@redis.example:6390/2" })).toEqual({
      kind: "standalone",
      name: "redis.example:6390",
      options: { host: "redis.example", port: 6390, username: "user", password: "p@ss", db: 2 },
    })
    expect(target({ REDIS_URL: "redis://:secret@[::1]" })).toMatchObject({
      options: { host: "::1", port: 6379, password: "secret" },
    })
    expect(target({ REDIS_URL: "rediss://h" })).toMatchObject({ options: { tls: {} } })
    expect(target({ REDIS_URL: "redis://h", REDIS_TLS: "true" })).toMatchObject({ options: { tls: {} } })
    expect(target({ REDIS_URL: "redis://h" })).not.toMatchObject({ options: { tls: {} } })
  })

  test("as Upstash does, always with TLS", () => {
    const upstash = {
      UPSTASH_REDIS_HOST: "eu1.upstash.example",
      UPSTASH_REDIS_PORT: "33079",
      UPSTASH_REDIS_PASSWORD: "secret",
    }
    expect(target(upstash)).toEqual({
      kind: "standalone",
      name: "eu1.upstash.example:33079",
      options: { host: "eu1.upstash.example", port: 33079, password: "secret", tls: {} },
    })
    expect(() => target({ UPSTASH_REDIS_HOST: "h" })).toThrow("Cannot start: set UPSTASH_REDIS_PASSWORD")
  })

  test("as a cluster, by some of its nodes", () => {
    expect(
      target({ REDIS_CLUSTER_NODES: "a.example:7001, [::1]:7002,c", REDIS_PASSWORD: "p" }),
    ).toMatchObject({
      kind: "cluster",
      nodes: [
        { host: "a.example", port: 7001 },
        { host: "::1", port: 7002 },
        { host: "c", port: 6379 },
      ],
      options: { password: "p" },
    })
  })

  test("behind sentinels", () => {
    expect(target({ REDIS_SENTINELS: "a:26379,b", REDIS_SENTINEL_NAME: "main" })).toMatchObject({
      kind: "sentinel",
      name: "main of a:26379,b",
      options: {
        name: "main",
        sentinels: [
          { host: "a", port: 26379 },
          { host: "b", port: 26379 },
        ],
      },
    })
  })

  test.each([
    [{}, "Cannot start: set REDIS_URL (or"],
    [{ REDIS_URL: "http://h" }, "Cannot start: REDIS_URL is not right"],
    [{ REDIS_URL: "redis://h/zero" }, 'its path is the number of a database, not "zero"'],
    [{ REDIS_CLUSTER_NODES: "a:b" }, 'REDIS_CLUSTER_NODES is not right: "a:b" is not host:port'],
  ])("in a way it does not understand: %j", (env, message) => {
    expect(() => target(env as Record<string, string>)).toThrow(ConfigurationError)
    expect(() => target(env as Record<string, string>)).toThrow(message)
  })
})

describe("a run is done, from the API to the mail, over", () => {
  const none = {
    REDIS_URL: "",
    ...Object.fromEntries(["HOST", "PORT", "PASSWORD"].map((part) => [`UPSTASH_REDIS_${part}`, ""])),
  }
  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  async function travels(env: Record<string, string>) {
    const over = { ...none, ...env }
    const [api, worker] = await Promise.all([
      startService([process.execPath, "api/main.ts"], over),
      startService([process.execPath, "worker/main.ts"], over),
    ])
    closing.push(() => Promise.all([api.stop(), worker.stop()]))
    await Promise.all([api.up(), worker.up()])
    const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }
    const body = JSON.stringify({
      data: { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } },
    })
    let statusUrl: string | undefined
    const asked = await until(async () => {
      const response = await fetch(`${api.url}/api/jobs/email`, { method: "POST", headers, body })
      statusUrl = ((await response.json()) as { statusUrl?: string }).statusUrl
      return response.status === 202
    }, 20_000)
    if (!asked) throw new Error(api.output())
    const status = async () =>
      ((await (await fetch(`${api.url}${statusUrl}`, { headers })).json()) as { status: string }).status
    if (!(await until(async () => (await status()) === "completed", 20_000))) throw new Error(worker.output())
  }

  const folder = () => mkdtemp(join(tmpdir(), "esteira-redis-"))
  const fixture = (name: string) => join(import.meta.dir, "../sandbox/tls", name)

  test("TLS, in a URL and the way of Upstash", async () => {
    const port = await freePort()
    const tls = [
      "--tls-port",
      String(port),
      "--tls-cert-file",
      fixture("localhost.crt"),
      "--tls-key-file",
      fixture("localhost.key"),
      "--tls-auth-clients",
      "no",
    ]
    const redis = await startRedis({
      dataDir: await folder(),
      durable: false,
      args: [...tls, "--user", "esteira", "on", ">secret", "~*", "&*", "+@all"],
    })
    closing.push(() => redis.stop())
    const trusted = { NODE_EXTRA_CA_CERTS: fixture("localhost.crt") }
    await travels({ REDIS_URL: `rediss://esteira:secret@localhost:${port}`, ...trusted })
    await travels({
      UPSTASH_REDIS_HOST: "localhost",
      UPSTASH_REDIS_PORT: String(port),
      UPSTASH_REDIS_PASSWORD: "secret",
      ...trusted,
    })
  })

  test("a cluster of three", async () => {
    const cluster = await startCluster(await folder())
    closing.push(() => cluster.stop())
    await travels({ REDIS_CLUSTER_NODES: cluster.nodes })
  })

  test("a master found by its sentinel", async () => {
    const sentinel = await startSentinel(await folder())
    closing.push(() => sentinel.stop())
    await travels({ REDIS_SENTINELS: sentinel.address, REDIS_SENTINEL_NAME: "esteira" })
  })
})
