import { afterEach, beforeAll, expect, test } from "bun:test"
import { type LivingWorker, livingWorkers, sayAlive, sayGone } from "../lib/living-workers.ts"
import { queueClient } from "../lib/queues.ts"
import { connectRedis, type RedisClient, untilReady } from "../lib/redis/connect.ts"
import { startProxy } from "../sandbox/proxy.ts"
import { startRedis } from "../sandbox/redis/server.ts"
import { moveTo, temporaryFolder } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { keepSayingAlive } from "./heartbeat.ts"
import type { QueueWorker } from "./queue-worker.ts"
import { createTroubles } from "./troubles.ts"
import { startWorkers } from "./workers.ts"

const KEY = "esteira:workers"
const closing: (() => unknown)[] = []

beforeAll(() => untilReady(queueClient()))
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await untilReady(queueClient())
  await queueClient().del(KEY)
})

const living = () => livingWorkers(queueClient())
const queues = async () => (await living()).flatMap(({ queues }) => queues).sort()

test("a worker says which queues it takes runs from, and that it goes", async () => {
  const workers = startWorkers()
  expect(await until(async () => (await living()).length === 1, 5_000)).toBe(true)
  expect(await queues()).toEqual(workers.workers.map(({ name }) => name).sort())
  await workers.stop(5)
  expect(await living()).toEqual([])
  workers.disconnect()
})

test("a queue that cannot be worked on is not said to be", async () => {
  const troubles = createTroubles()
  troubles.note("broken", new Error("NOPERM"))
  const worker = (name: string, more = {}) => ({ name, isRunning: () => true, ...more }) as QueueWorker
  const workers = [worker("well"), worker("broken"), worker("closing", { closing: Promise.resolve() })]
  const heartbeat = keepSayingAlive({ connection: queueClient(), workers, troubles }, 20)
  closing.push(heartbeat.stop)
  expect(await until(async () => (await living()).length === 1, 5_000)).toBe(true)
  expect(await queues()).toEqual(["well"])
})

test("one that has gone without a word is not living for long, and is swept out by who starts later", async () => {
  const said = (id: string, at: number) => {
    const worker: LivingWorker = { id, host: "a", queues: ["email"], startedAt: at }
    return queueClient().hset(KEY, id, JSON.stringify({ at, worker }))
  }
  await said("lately", Date.now() - 120_000)
  await said("silent", Date.now() - 180_000)
  await said("long ago", Date.now() - 2 * 3_600_000)
  expect((await living()).map(({ id }) => id)).toEqual(["lately"])

  const one = { id: "new", host: "b", queues: [], startedAt: 0 }
  await sayAlive(queueClient(), one)
  expect(await queueClient().hlen(KEY)).toBe(4)
  await sayAlive(queueClient(), one, true)
  expect((await queueClient().hkeys(KEY)).sort()).toEqual(["lately", "new", "silent"])
  await sayGone(queueClient(), "new")
  expect((await living()).map(({ id }) => id)).toEqual(["lately"])
})

test("it says so again as soon as Redis is back, and its end does not wait for a Redis that is away", async () => {
  const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false })
  const goBack = await moveTo({ REDIS_URL: redis.url })
  await untilReady(queueClient())
  const proxy = await startProxy(redis.port)
  const connection: RedisClient = connectRedis("worker", {
    kind: "standalone",
    name: "proxy",
    options: { host: "127.0.0.1", port: proxy.port },
  })
  closing.push(redis.stop, goBack, proxy.stop, () => connection.disconnect())
  const workers = [{ name: "email", isRunning: () => true } as QueueWorker]
  const heartbeat = keepSayingAlive({ connection, workers, troubles: createTroubles() }, 3_600_000)
  expect(await until(async () => (await living()).length === 1, 5_000)).toBe(true)
  await queueClient().del(KEY)
  connection.disconnect(true)
  expect(await until(async () => (await living()).length === 1, 10_000)).toBe(true)

  proxy.silence()
  const began = performance.now()
  await heartbeat.stop()
  expect(performance.now() - began).toBeLessThan(2_000)
})
