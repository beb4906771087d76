import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { insertApiKey } from "../../db/api-keys.ts"
import { createApiKey } from "../../lib/api-key.ts"
import { digestOf } from "../../lib/digest.ts"
import { queueClient } from "../../lib/queues.ts"
import { untilReady } from "../../lib/redis/connect.ts"
import { keysThatBegin } from "../../lib/redis/scan.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { forgetAll, temporaryFolder } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"

const authorization = "Bearer est_a_key_for_the_tests"
const LIMIT = 20

/** With so much of the minute left that it does not end within a test. */
const withinAMinute = () => until(() => Date.now() % 60_000 < 45_000, 20_000)

describe.each(Object.keys(runtimes) as Runtime[])("limits, on %s", (runtime) => {
  const limited = { RATE_LIMIT_ADMIN: String(LIMIT), RATE_LIMIT_ENQUEUE: "3" }
  const start = async (env: Record<string, string> = {}) =>
    (await startService(runtimes[runtime], { ...limited, ...env })).up()
  const ask = (api: Service, path = "/api/admin/keys", headers: Record<string, string> = { authorization }) =>
    fetch(`${api.url}${path}`, { headers })
  const standing = ({ status, headers }: Response) => [
    status,
    ...["limit", "remaining"].map((name) => Number(headers.get(`ratelimit-${name}`))),
  ]

  let api: Service
  beforeAll(async () => {
    await untilReady(queueClient())
    await forgetAll()
    api = await start()
  })
  afterAll(() => api.stop())

  test("tell with each answer how one stands, and refuse what is too much, of each kind apart", async () => {
    await withinAMinute()
    for (let left = 2; left >= 0; left--) {
      const response = await ask(api, `/api/jobs/email/${crypto.randomUUID()}`)
      expect(standing(response)).toEqual([404, 3, left])
      expect(Number(response.headers.get("ratelimit-reset"))).toBeWithin(1, 61)
    }
    const refused = await ask(api, `/api/jobs/email/${crypto.randomUUID()}`)
    expect(standing(refused)).toEqual([429, 3, 0])
    expect(await refused.json()).toEqual({ error: "Too many requests: 3 a minute are let" })
    expect(refused.headers.get("retry-after")).toBe(refused.headers.get("ratelimit-reset"))
    expect(standing(await ask(api))).toEqual([200, LIMIT, LIMIT - 1])
  })

  test("are of all processes together, within a second", async () => {
    await withinAMinute()
    const key = createApiKey()
    const holder = {
      name: "two",
      scopes: ["admin" as const],
      queues: null,
      createdBy: "admin",
      expiresAt: null,
    }
    const { id } = (await insertApiKey({ ...holder, digest: digestOf(key) }))!
    const askAs = (api: Service) => ask(api, "/api/admin/keys", { authorization: `Bearer ${key}` })
    const [one, another] = await Promise.all([start(), start()])
    const counted = (requests: number) =>
      until(async () => {
        const found = keysThatBegin(`esteira:limit:admin:key:${id} `, new AbortController().signal)
        const [key] = (await Array.fromAsync(found)).flat()
        return key !== undefined && Number(await queueClient().get(key)) === requests
      }, 3_000)
    for (let time = 0; time < 8; time++) expect((await askAs(one)).status).toBe(200)
    expect(await counted(8)).toBe(true)
    // One process hears of the other's once it has counted one of its own.
    expect(standing(await askAs(another))).toEqual([200, LIMIT, LIMIT - 1])
    expect(await counted(9)).toBe(true)
    expect(standing(await askAs(another))).toEqual([200, LIMIT, LIMIT - 10])
    expect(await counted(10)).toBe(true)
    for (let left = 9; left >= 0; left--) expect(standing(await askAs(another))).toEqual([200, LIMIT, left])
    expect(standing(await askAs(another))).toEqual([429, LIMIT, 0])
    expect(await counted(20)).toBe(true)
    // The one knows of ten or more at its next settlement, and lets no more than it did not know of.
    await askAs(one)
    expect(await until(async () => (await askAs(one)).status === 429, 3_000)).toBe(true)
    await Promise.all([one.stop(), another.stop()])
  })

  test("ask nothing of who is refused anyway, and are not for open routes", async () => {
    const nobody = await ask(api, "/api/admin/keys", { authorization: "Bearer est_wrong" })
    expect([nobody.status, nobody.headers.get("ratelimit-limit")]).toEqual([401, null])
    for (let time = 0; time < LIMIT + 5; time++) expect((await ask(api, "/health")).status).toBe(200)
  })

  test("hold in each process by itself while Redis is away, and the requests go on", async () => {
    const port = await freePort()
    const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false, port })
    const one = await start({ REDIS_URL: redis.url })
    await withinAMinute()
    expect(standing(await ask(one))).toEqual([200, LIMIT, LIMIT - 1])
    await redis.stop()
    for (let left = LIMIT - 2; left >= 0; left--) expect(standing(await ask(one))).toEqual([200, LIMIT, left])
    expect(standing(await ask(one))).toEqual([429, LIMIT, 0])
    expect(await until(() => one.output().includes("counted by this process alone for now"), 5_000)).toBe(
      true,
    )
    await one.stop()
  })
})
