import { afterEach, beforeEach, expect, test } from "bun:test"
import { join } from "node:path"
import { startBulk } from "../../db/bulk.ts"
import { findOperation } from "../../db/bulk-operations.ts"
import { migrate } from "../../db/migrate.ts"
import { closePool, directSession, pool } from "../../db/pool.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startPostgres } from "../../sandbox/postgres/server.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { runtimes, type Service, startService } from "../../sandbox/service.ts"
import { temporaryFolder, withRedisAt } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { ended, failedRuns, retries } from "./testing.ts"

const RUNS = 3_000
const KILLS = 8
const SEED = 304
const filter = { queue: email.name, status: "failed" } as const
const data = email.payload.parse(email.example) as never

let services: Service[] = []

beforeEach(async () => {
  await pool()`truncate runs, run_events, ledger_watermarks, bulk_operations, bulk_runs`
})

afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()))
  services = []
  await queueOf(email).obliterate({ force: true })
})

/** Not at work on the queue: what is retried stays where it is. */
const start = async () => {
  const worker = await startService([process.execPath, "worker/main.ts"], { WORKER_QUEUES: "price-sync" })
  services.push(worker)
  return worker
}
const kill = async (service: Service) => {
  service.signal("SIGKILL")
  await service.ended
  services = services.filter((one) => one !== service)
}
const touched = async (id: number) => (await findOperation(id))?.outcomes.retried ?? 0
const reaches = (id: number, count: number) => until(async () => (await touched(id)) >= count, 60_000)

async function expectEachOnce(id: number, ids: string[]) {
  expect(await ended(id)).toMatchObject({
    status: "completed",
    matched: ids.length,
    outcomes: { retried: ids.length },
  })
  const counts = await retries(email.name)
  expect([...counts.keys()].sort()).toEqual(ids.toSorted())
  expect([...counts.values()].filter((times) => times !== 1)).toEqual([])
  expect(await queueOf(email).getPrioritizedCount()).toBe(ids.length)
}

test(`killed at ${KILLS} random points, two workers at it retry each run once`, async () => {
  const random = createRandom(SEED)
  const ids = await failedRuns(email.name, RUNS, { data })
  await Promise.all([start(), start()])
  const { id } = await startBulk(filter, "retry", "ana", { perSecond: 600 })
  for (let count = 0; count < KILLS; count++) {
    await Bun.sleep(random() * 600)
    await kill(services[count % services.length]!)
    await start()
  }
  expect((await findOperation(id))?.endedAt).toBeNull()
  await expectEachOnce(id, ids)
}, 180_000)

test("an API that is killed once it has answered leaves nothing undone", async () => {
  const ids = await failedRuns(email.name, 1_000, { data })
  const api = await (await startService(runtimes.bun)).up()
  const response = await fetch(`${api.url}/api/admin/bulk`, {
    method: "POST",
    headers: { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" },
    body: JSON.stringify({ action: "retry", filter }),
  })
  expect(response.status).toBe(202)
  const { id } = (await response.json()) as { id: number }
  await kill(api)
  await start()
  await expectEachOnce(id, ids)
})

test("with Redis stopped in the middle it waits, goes on when Redis is back, and retries each run once", async () => {
  const place = {
    dataDir: await temporaryFolder(),
    durable: true,
    port: await freePort(),
    args: ["--appendfsync", "always"],
  }
  const first = await startRedis(place)
  await withRedisAt(first.url, async () => {
    const ids = await failedRuns(email.name, RUNS, { data })
    const worker = await start()
    const { id } = await startBulk(filter, "retry", "ana", { perSecond: 1_500 })
    expect(await reaches(id, 500)).toBe(true)
    await first.stop()
    expect(await until(() => worker.output().includes("Bulk operations wait"), 20_000)).toBe(true)
    expect((await findOperation(id))?.status).toBe("acting")
    const second = await startRedis(place)
    await expectEachOnce(id, ids)
    expect(worker.output()).toContain("Bulk operations go on")
    await Promise.all(services.splice(0).map((service) => service.stop()))
    await second.stop()
  })
}, 180_000)

test("with PostgreSQL stopped in the middle it waits, goes on when PostgreSQL is back, and retries each run once", async () => {
  const place = { dataDir: join(await temporaryFolder(), "postgres"), durable: true, port: await freePort() }
  const first = await startPostgres(place)
  const before = process.env.DATABASE_URL
  await closePool()
  process.env.DATABASE_URL = first.url
  try {
    const session = directSession()
    await migrate(session).finally(() => session.end())
    const ids = await failedRuns(email.name, RUNS, { data })
    const worker = await start()
    const { id } = await startBulk(filter, "retry", "ana", { perSecond: 1_500 })
    expect(await reaches(id, 500)).toBe(true)
    await first.stop()
    expect(await until(() => worker.output().includes("Bulk operations wait"), 20_000)).toBe(true)
    const second = await startPostgres(place)
    await expectEachOnce(id, ids)
    expect(worker.output()).toContain("Bulk operations go on")
    await Promise.all(services.splice(0).map((service) => service.stop()))
    await closePool()
    await second.stop()
  } finally {
    await closePool()
    process.env.DATABASE_URL = before
  }
}, 180_000)
