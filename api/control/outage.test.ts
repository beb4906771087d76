import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { jobs } from "../../lib/jobs/index.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests" }
const id = crypto.randomUUID()

const READ = [
  "jobs/stats",
  "jobs/queues",
  "jobs/queue/email",
  "jobs/queue/email/performance",
  "jobs/queue/email/logs",
  "jobs/failed",
  `jobs/job/email/${id}`,
  "cost",
]
const ACT = [
  `retry/email/${id}`,
  "pause/email",
  "resume/email",
  "clean/completed/email",
  "clean/failed/email",
]

describe.each(Object.keys(runtimes) as Runtime[])("the operators' routes on %s", (runtime) => {
  let api: Service
  let port: number
  const start = async (env: Record<string, string>) => {
    api = await (await startService(runtimes[runtime], env)).up()
  }
  const ask = async (method: string, path: string) => {
    const response = await fetch(`${api.url}/api/admin/${path}`, { method, headers })
    return [response.status, await response.json()] as [number, Record<string, unknown>]
  }
  beforeEach(async () => {
    port = await freePort()
  })
  afterEach(() => api.stop())

  test("answer 503 while Redis is away, and say how Redis is all the same", async () => {
    await start({ REDIS_URL: `redis://127.0.0.1:${port}` })
    const answers = await Promise.all([
      ...READ.map((path) => ask("GET", path)),
      ...ACT.map((path) => ask("POST", `jobs/${path}`)),
      ask("DELETE", `jobs/email/${id}`),
    ])
    for (const answer of answers)
      expect(answer).toEqual([503, { error: "Redis does not answer: try again in a moment" }])

    expect(await ask("GET", "jobs/redis")).toEqual([
      503,
      { health: { status: "unhealthy", latency: null }, info: { connected: false, mode: "standalone" } },
    ])
    expect(await ask("GET", "jobs/health")).toEqual([
      503,
      {
        healthy: false,
        queues: jobs.map(({ name }) => ({ name, status: "critical", issues: ["Redis does not answer"] })),
        redis: { status: "unhealthy", latency: null, issues: ["Redis does not answer"] },
        schedules: { status: "healthy", issues: [] },
      },
    ])
    const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false, port })
    expect(await until(async () => (await ask("GET", "jobs/stats"))[0] === 200, 10_000)).toBe(true)
    expect(await ask("GET", "jobs/health")).toMatchObject([200, { healthy: true }])
    await redis.stop()
  })

  test("warn of a Redis that may evict keys", async () => {
    const args = ["--maxmemory-policy", "allkeys-lru"]
    const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false, port, args })
    await start({ REDIS_URL: redis.url })
    expect(await ask("GET", "jobs/health")).toMatchObject([
      200,
      { healthy: true, redis: { status: "warning", issues: [expect.stringContaining("Redis evicts keys")] } },
    ])
    await redis.stop()
  })

  test("say what they cannot tell while PostgreSQL is away, and tell the rest", async () => {
    await start({ DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` })
    expect(await ask("GET", "jobs/stats")).toMatchObject([200, { totalQueues: jobs.length }])
    expect(await ask("GET", "jobs/scheduled")).toEqual([
      503,
      { error: "PostgreSQL, which knows the schedules, does not answer: try again in a moment" },
    ])
    for (const path of [...ACT, ...["run", "pause", "resume"].map((verb) => `schedules/price-sync/${verb}`)])
      expect(await ask("POST", `jobs/${path}`)).toMatchObject([
        503,
        { error: expect.stringContaining("audit log") },
      ])
    expect(await ask("GET", `jobs/job/email/${id}?reveal=true`)).toMatchObject([
      503,
      { error: expect.stringContaining("audit log") },
    ])
    expect(await ask("GET", "jobs/health")).toMatchObject([
      200,
      {
        healthy: false,
        redis: { status: "healthy" },
        schedules: {
          status: "critical",
          issues: ["PostgreSQL, which knows the schedules, does not answer"],
        },
      },
    ])
  })
})
