import { afterAll, beforeAll, expect, test } from "bun:test"
import { Redis } from "ioredis"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { letHome } from "../../db/testing-rentals.ts"
import { addDays, dayIn } from "../../lib/days.ts"
import { openEvents } from "../../sandbox/event-stream.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { temporaryFolder, world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { keepProducts, seedSync } from "../price-sync/testing.ts"

const RUNS = 1_000
const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }

const names = Object.keys(runtimes) as Runtime[]
let goBack: () => Promise<void>
let apis: Service[]
let workers: Service[]
let startRedisAgain: () => ReturnType<typeof startRedis>

// An API on each runtime and two workers, all born while Redis is away.
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
  const port = await freePort()
  startRedisAgain = async () => startRedis({ dataDir: await temporaryFolder(), durable: false, port })
  const start = async (command: readonly string[]) =>
    (await startService(command, { REDIS_URL: `redis://127.0.0.1:${port}` })).up()
  const worker = [process.execPath, "worker/main.ts"]
  const started = await Promise.all([...names.map((name) => runtimes[name]), worker, worker].map(start))
  apis = started.slice(0, names.length)
  workers = started.slice(names.length)
})
afterAll(async () => {
  await Promise.all([...apis, ...workers].map((service) => service.stop()))
  await goBack()
})

const post = async (api: Service, path: string, body: object = {}) => {
  const init = { method: "POST", headers, body: JSON.stringify(body) }
  const response = await fetch(`${api.url}/api${path}`, init)
  return { code: response.status, ...((await response.json()) as { jobId: string; status: string }) }
}

const mailTo = (to: string) => ({ to, template: "welcome", data: { userName: "Ana" } })

const sentTo = (part: string) =>
  world.resend.messages.flatMap(({ to }) => to).filter((to) => to.includes(part))

const areAllDone = (ids: string[]) =>
  until(async () => {
    const [row] = await pool()<{ count: number }[]>`
      select count(*)::int as count from runs where status = 'completed' and id = any(${ids})
    `
    return row!.count === ids.length
  }, 60_000)

test("what operators start while Redis is away is accepted, can be cancelled, and is run once when it is back", async () => {
  await seedSync()
  await keepProducts(2)
  const month = addDays(dayIn("America/Sao_Paulo"), 62).slice(0, 7)
  const asked = []
  for (const api of apis) {
    const { paymentId, userId } = await letHome({ firstMonth: month })
    const started = [
      await post(api, "/admin/sync-precos/start", { productIds: [1] }),
      await post(api, "/admin/backup/start", { tables: ["markets"] }),
      await post(api, "/admin/invoices", { paymentId, userId }),
    ]
    for (const answer of started) expect(answer).toMatchObject({ code: 202, status: "accepted" })
    const { jobId: unwanted } = await post(api, "/admin/sync-precos/start")
    const cancelled = await post(api, `/admin/sync-precos/cancel/${unwanted}`)
    expect(cancelled).toMatchObject({ code: 200, status: "cancelled" })
    asked.push({ paymentId, ids: [...started.map(({ jobId }) => jobId), unwanted] })
  }

  const redis = await startRedisAgain()
  for (const { paymentId, ids } of asked) {
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
  }
  await redis.stop()
})

test("whoever begins to listen to a run that was accepted while Redis is away hears of it until its end", async () => {
  const listened = apis.map(async (api) => {
    const { jobId } = await post(api, "/jobs/email", { data: mailTo("ear@example.com") })
    return await openEvents(`${api.url}/api/jobs/email/${jobId}/events`, headers)
  })
  const listeners = await Promise.all(listened)
  for (const listener of listeners) {
    expect(await listener.hears("snapshot")).toBe(true)
    expect(listener.events).toMatchObject([{ data: { status: "waiting" } }])
  }
  const redis = await startRedisAgain()
  for (const listener of listeners) {
    expect(await listener.isOver(60_000)).toBe(true)
    expect(listener.events.at(-1)).toMatchObject({ event: "completed" })
  }
  await redis.stop()
})

test("a thousand runs that are asked for while Redis is away are all run once it is back, none twice", async () => {
  const label = crypto.randomUUID().slice(0, 8)
  const ask = (index: number) =>
    post(apis[index % apis.length]!, "/jobs/email", { data: mailTo(`p${index}.${label}@example.com`) })
  const asked = await Promise.all(Array.from({ length: RUNS }, (_, index) => ask(index)))
  expect(new Set(asked.map(({ code, status }) => `${code} ${status}`))).toEqual(new Set(["202 accepted"]))
  const ids = asked.map(({ jobId }) => jobId)
  expect(new Set(ids).size).toBe(RUNS)

  const redis = await startRedisAgain()
  expect(await areAllDone(ids)).toBe(true)
  const sent = sentTo(label)
  expect(sent).toHaveLength(RUNS)
  expect(new Set(sent).size).toBe(RUNS)
  await redis.stop()
})

test("what is asked for while Redis takes nothing is accepted, and run once when it takes it", async () => {
  const redis = await startRedisAgain()
  const client = new Redis(redis.url)
  const ids: string[] = []
  const ask = async () => {
    const answers = []
    for (const api of apis) {
      const answer = await post(api, "/jobs/email", { data: mailTo(`${ids.length}@full.example.com`) })
      ids.push(answer.jobId)
      answers.push(`${answer.code} ${answer.status}`)
    }
    return answers
  }
  const allOf = (answer: string) => apis.map(() => answer)

  const areBack = async () => (await ask()).every((answer) => answer === "202 enqueued")
  expect(await until(areBack, 30_000)).toBe(true)
  expect(await areAllDone(ids)).toBe(true)
  const troubles = [
    [
      "has no room",
      () => client.config("SET", "maxmemory", "1mb"),
      () => client.config("SET", "maxmemory", "0"),
    ],
    ["is a replica", () => client.replicaof("127.0.0.1", redis.port), () => client.replicaof("NO", "ONE")],
  ] as const
  for (const [trouble, begin, end] of troubles) {
    await begin()
    expect([trouble, ...(await ask())]).toEqual([trouble, ...allOf("202 accepted")])
    await end()
    expect([trouble, await areAllDone(ids)]).toEqual([trouble, true])
  }
  expect(sentTo("@full.example.com")).toHaveLength(ids.length)
  client.disconnect()
  await redis.stop()
})
