import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { validate } from "uuid"
import { freePort } from "../sandbox/ports.ts"
import { nowhere } from "../sandbox/redis/environment.ts"
import { startRedis } from "../sandbox/redis/server.ts"
import { type Runtime, runtimes, type Service, startService } from "../sandbox/service.ts"
import { temporaryFolder } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }
const body = JSON.stringify({
  data: { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } },
})

describe.each(Object.keys(runtimes) as Runtime[])("the API on %s", (runtime) => {
  let api: Service
  let port: number
  const redis = async (args: string[] = []) =>
    startRedis({ dataDir: await temporaryFolder(), durable: false, port, args })
  const startApi = async (env: Record<string, string> = {}) => {
    const REDIS_URL = `redis://127.0.0.1:${port}`
    api = await (await startService(runtimes[runtime], { REDIS_URL, ...env })).up()
  }
  const withoutPostgres = async () => ({
    DATABASE_URL: Object.assign(new URL(process.env.DATABASE_URL!), { port: String(await freePort()) }).href,
  })
  const ask = () => fetch(`${api.url}/api/jobs/email`, { method: "POST", headers, body })
  const status = async (path: string) => (await fetch(`${api.url}${path}`, { headers })).status
  const takesRuns = () =>
    until(async () => ((await (await ask()).json()) as { status?: string }).status === "enqueued", 10_000)

  beforeEach(async () => {
    port = await freePort()
  })
  afterEach(async () => {
    await api.stop()
  })

  test("born without Redis accepts runs into the outbox, tells of them, and lets them be cancelled", async () => {
    await startApi()
    const response = await ask()
    expect(response.status).toBe(202)
    const { jobId, ...answer } = (await response.json()) as { jobId: string }
    expect(answer).toEqual({
      queue: "email",
      status: "accepted",
      statusUrl: `/api/jobs/email/${jobId}`,
    } as never)
    const told = async () => (await fetch(`${api.url}/api/jobs/email/${jobId}`, { headers })).json()
    expect(await told()).toMatchObject({
      jobId,
      queue: "email",
      name: "email",
      status: "waiting",
      attemptsMade: 0,
      data: { to: ["[redacted]"], template: "welcome" },
    })
    const cancel = () =>
      fetch(`${api.url}/api/jobs/email/${jobId}/cancel`, {
        method: "POST",
        headers,
        body: '{"reason": "test"}',
      })
    expect((await cancel()).status).toBe(200)
    expect(await told()).toMatchObject({ status: "cancelled", failedReason: "Cancelled by admin: test" })
    expect((await cancel()).status).toBe(503)
    expect(await status("/health")).toBe(200)
    expect(await status("/ready")).toBe(503)
  })

  test("born without Redis and PostgreSQL answers 503 and what to do, and works once Redis comes", async () => {
    await startApi(await withoutPostgres())
    const response = await ask()
    expect(response.status).toBe(503)
    expect(response.headers.get("retry-after")).toBe("5")
    const answer = (await response.json()) as { error: string; jobId: string }
    expect(answer.error).toBe("Redis did not confirm the run: look for it by its id, or ask again")
    expect(validate(answer.jobId)).toBe(true)

    expect(await status("/health")).toBe(200)
    expect(await status("/ready")).toBe(503)
    expect(await status(`/api/jobs/email/${answer.jobId}`)).toBe(503)

    const server = await redis()
    expect(await takesRuns()).toBe(true)
    await server.stop()
  })

  test("that loses Redis accepts runs, says so once, and enqueues again when Redis is back", async () => {
    const first = await redis()
    await startApi()
    expect(await takesRuns()).toBe(true)
    await first.stop()
    for (let time = 0; time < 3; time++)
      expect(await (await ask()).json()).toMatchObject({ status: "accepted" })
    const second = await redis()
    expect(await takesRuns()).toBe(true)
    expect(api.output().match(/Cannot reach Redis/g)).toHaveLength(1)
    expect(api.output()).toContain(`Redis at 127.0.0.1:${port} is back`)
    await second.stop()
  })

  test("warns of a Redis that may evict keys, at boot and in its health", async () => {
    const server = await redis(["--maxmemory-policy", "allkeys-lru"])
    await startApi()
    const warning =
      "Redis evicts keys (maxmemory-policy allkeys-lru) and can lose runs: set maxmemory-policy to noeviction"
    expect(await until(() => api.output().includes(warning), 5_000)).toBe(true)
    const health = async () => JSON.stringify(await (await fetch(`${api.url}/health`)).json())
    expect(await until(async () => (await health()).includes(warning), 5_000)).toBe(true)
    await server.stop()
  })

  test("says in one sentence what it needs to start", async () => {
    const none = { ...nowhere, DATABASE_URL: "", ADMIN_API_KEY: "" }
    api = await startService(runtimes[runtime], none)
    expect(await api.ended).toBe(1)
    expect(api.output()).toBe(
      "Cannot start: set ADMIN_API_KEY (the key of the first caller, who may do everything: a long random text); " +
        "set REDIS_URL (or UPSTASH_REDIS_HOST and UPSTASH_REDIS_PASSWORD, or REDIS_CLUSTER_NODES, or REDIS_SENTINELS); " +
        "set DATABASE_URL (PostgreSQL; may be a transaction pooler).\n",
    )
  })

  test("wants a key that can travel in a header", async () => {
    api = await startService(runtimes[runtime], { ADMIN_API_KEY: "chave secreta é longa" })
    expect(await api.ended).toBe(1)
    expect(api.output()).toContain(
      "ADMIN_API_KEY is not right: at least 16 letters, digits and signs, without spaces or accents",
    )
  })

  test.each(["development", "production"])("says that its port is in use, in %s", async (NODE_ENV) => {
    api = await (await startService(runtimes[runtime], { NODE_ENV })).up()
    const second = await startService(runtimes[runtime], { NODE_ENV, PORT: String(api.port) })
    expect(await second.ended).toBe(1)
    expect(second.output()).toBe(
      `Cannot start: port ${api.port} is in use; stop what uses it, or set PORT to another.\n`,
    )
  })
})
