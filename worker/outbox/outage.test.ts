import { afterAll, beforeAll, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { letHome } from "../../db/testing-rentals.ts"
import { addDays, dayIn } from "../../lib/days.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { type Runtime, runtimes, startService } from "../../sandbox/service.ts"
import { temporaryFolder, world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { keepProducts, seedSync } from "../price-sync/testing.ts"

const RUNS = 1_000
const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
})
afterAll(() => goBack())

test.each(Object.keys(runtimes) as Runtime[])(
  "a thousand runs that are asked for while Redis is away are all run once it is back, none twice, on %s",
  async (runtime) => {
    const port = await freePort()
    const redis = async () => startRedis({ dataDir: await temporaryFolder(), durable: false, port })
    const env = { REDIS_URL: `redis://127.0.0.1:${port}` }
    const first = await redis()
    const [api, ...workers] = await Promise.all([
      startService(runtimes[runtime], env).then((service) => service.up()),
      startService([process.execPath, "worker/main.ts"], env).then((service) => service.up()),
      startService([process.execPath, "worker/main.ts"], env).then((service) => service.up()),
    ])
    await first.stop()

    const label = crypto.randomUUID().slice(0, 8)
    const ask = async (index: number) => {
      const data = { to: `p${index}.${label}@example.com`, template: "welcome", data: { userName: "Ana" } }
      const response = await fetch(`${api.url}/api/jobs/email`, {
        method: "POST",
        headers,
        body: JSON.stringify({ data }),
      })
      return (await response.json()) as { jobId: string; status: string }
    }
    const asked = await Promise.all(Array.from({ length: RUNS }, (_, index) => ask(index)))
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(["accepted"]))
    expect(new Set(asked.map(({ jobId }) => jobId)).size).toBe(RUNS)

    const second = await redis()
    const completed = async () => {
      const [row] = await pool()<{ count: number }[]>`
        select count(*)::int as count from runs where status = 'completed' and id = any(${asked.map(({ jobId }) => jobId)})
      `
      return row!.count
    }
    expect(await until(async () => (await completed()) === RUNS, 60_000)).toBe(true)
    const sent = world.resend.messages.flatMap(({ to }) => to).filter((to) => to.includes(label))
    expect(sent).toHaveLength(RUNS)
    expect(new Set(sent).size).toBe(RUNS)
    await Promise.all([api.stop(), ...workers.map((worker) => worker.stop())])
    await second.stop()
  },
)

test.each(Object.keys(runtimes) as Runtime[])(
  "what operators start while Redis is away is accepted, can be cancelled, and is run once when it is back, on %s",
  async (runtime) => {
    const port = await freePort()
    const env = { REDIS_URL: `redis://127.0.0.1:${port}` }
    const month = addDays(dayIn("America/Sao_Paulo"), 62).slice(0, 7)
    const { paymentId, userId } = await letHome({ firstMonth: month })
    await seedSync()
    await keepProducts(2)
    const [api, ...workers] = await Promise.all([
      startService(runtimes[runtime], env).then((service) => service.up()),
      startService([process.execPath, "worker/main.ts"], env).then((service) => service.up()),
      startService([process.execPath, "worker/main.ts"], env).then((service) => service.up()),
    ])
    const post = async (path: string, body: object = {}) => {
      const init = { method: "POST", headers, body: JSON.stringify(body) }
      const response = await fetch(`${api.url}/api/admin${path}`, init)
      return { code: response.status, ...((await response.json()) as { jobId: string; status: string }) }
    }
    const started = [
      await post("/sync-precos/start", { productIds: [1] }),
      await post("/backup/start", { tables: ["markets"] }),
      await post("/invoices", { paymentId, userId }),
    ]
    for (const answer of started) expect(answer).toMatchObject({ code: 202, status: "accepted" })
    const { jobId: unwanted } = await post("/sync-precos/start")
    expect(await post(`/sync-precos/cancel/${unwanted}`)).toMatchObject({ code: 200, status: "cancelled" })

    const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false, port })
    const ids = [...started.map(({ jobId }) => jobId), unwanted]
    const ends = async () =>
      await pool()<{ id: string; queue: string; status: string; attempts: number }[]>`
        select id, queue, status, attempts from runs where id = any(${ids}) order by array_position(${ids}, id)
      `
    expect(await until(async () => (await ends()).length === ids.length, 60_000)).toBe(true)
    expect((await ends()).map(({ queue, status, attempts }) => [queue, status, attempts])).toEqual([
      ["price-sync", "completed", 1],
      ["backup", "completed", 1],
      ["invoice", "completed", 1],
      ["price-sync", "cancelled", 0],
    ])
    const [made] = await pool()`
      select (select count(*)::int from price_syncs where run_id = any(${ids})) as syncs,
        (select count(*)::int from backups where id = any(${ids})) as backups,
        (select count(*)::int from invoices where payment_id = ${paymentId}) as invoices
    `
    expect(made).toEqual({ syncs: 1, backups: 1, invoices: 1 })
    await Promise.all([api.stop(), ...workers.map((worker) => worker.stop())])
    await redis.stop()
  },
)
