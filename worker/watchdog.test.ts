import { afterEach, describe, expect, test } from "bun:test"
import { EventEmitter } from "node:events"
import { join } from "node:path"
import { enqueue } from "../lib/enqueue.ts"
import { email } from "../lib/jobs/email.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import { findRun } from "../lib/runs.ts"
import { startProxy } from "../sandbox/proxy.ts"
import { startRedis } from "../sandbox/redis/server.ts"
import { type Service, startService } from "../sandbox/service.ts"
import { temporaryFolder, withRedisAt } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import type { QueueWorker } from "./queue-worker.ts"
import { watchWorkers } from "./watchdog.ts"

const mail = { to: "ana@example.com", template: "welcome" as const, data: { userName: "Ana" } }
const isDone = async (id: string) => (await findRun(email, id))?.status === "completed"

let worker: Service | undefined
afterEach(async () => {
  await worker?.stop()
  worker = undefined
})

const start = async (url: string) => {
  worker = await (await startService([process.execPath, "worker/main.ts"], { REDIS_URL: url })).up()
  expect(await until(async () => (await fetch(`${worker!.url}/health`)).status === 200, 10_000)).toBe(true)
}

describe("a worker", () => {
  test("whose connections drop everything silently works on within a minute, and is not healthy until then", async () => {
    const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false })
    const proxy = await startProxy(redis.port)
    await start(`redis://127.0.0.1:${proxy.port}`)
    await withRedisAt(redis.url, async () => {
      const first = await enqueue(email, mail)
      expect(await until(() => isDone(first.id), 10_000)).toBe(true)
      proxy.silence()
      const { id } = await enqueue(email, mail)
      const isUnwell = async () => (await fetch(`${worker!.url}/health`)).status === 503
      expect(await until(isUnwell, 5_000)).toBe(true)
      const lied: unknown[] = []
      const works = async () => {
        const response = await fetch(`${worker!.url}/health`)
        if (response.ok && (await findRun(email, id))?.status === "waiting") lied.push(await response.json())
        return await isDone(id)
      }
      expect(await until(works, 60_000)).toBe(true)
      expect(lied).toEqual([])
    })
    await worker!.stop()
    await proxy.stop()
    await redis.stop()
  })

  test("goes on by itself after Redis stood still for 20 s, and loses nothing", async () => {
    const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false })
    await start(redis.url)
    await withRedisAt(redis.url, async () => {
      const first = await enqueue(email, mail)
      expect(await until(() => isDone(first.id), 10_000)).toBe(true)
      const delayed = await enqueue(email, mail, { delay: 2_000 })
      process.kill(redis.pid, "SIGSTOP")
      const isUnwell = async () => (await fetch(`${worker!.url}/health`)).status === 503
      expect(await until(isUnwell, 10_000)).toBe(true)
      await Bun.sleep(20_000)
      process.kill(redis.pid, "SIGCONT")
      const { id } = await enqueue(email, mail)
      expect(await until(async () => (await isDone(id)) && (await isDone(delayed.id)), 60_000)).toBe(true)
      expect(await until(async () => (await fetch(`${worker!.url}/health`)).status === 200, 10_000)).toBe(
        true,
      )
    })
    await worker!.stop()
    await redis.stop()
  })
})

describe("the watchdog", () => {
  function watch({ active = 0, status = "ready" } = {}) {
    const reopened: string[] = []
    const given: string[] = []
    let time = Date.now()
    const standing = {
      name: "email",
      concurrency: 1,
      active: { size: active },
      lookedAt: time,
      closing: undefined,
      reopen: async () => void reopened.push("email"),
    }
    const connection = Object.assign(new EventEmitter(), { status })
    const watchdog = watchWorkers(
      {
        connection: connection as unknown as RedisClient,
        workers: [standing as unknown as QueueWorker],
        giveUp: (reason) => void given.push(reason),
      },
      () => time,
    )
    const passes = (seconds: number) => {
      time += seconds * 1_000
      watchdog.look()
    }
    return { watchdog, standing, connection, reopened, given, passes }
  }

  test("opens the connection of a queue anew that is not looked at, and gives up when that does not help", () => {
    const { watchdog, reopened, given, passes } = watch()
    passes(50)
    expect(reopened).toEqual([])
    passes(10)
    passes(20)
    expect(reopened).toEqual(["email"])
    expect(given).toEqual([])
    passes(10)
    expect(given).toEqual(["queue email still stands, though its connection was opened anew"])
    watchdog.stop()
  })

  test("leaves a queue alone that is looked at again", () => {
    const { watchdog, standing, reopened, given, passes } = watch()
    passes(60)
    standing.lookedAt += 60_000
    passes(30)
    passes(20)
    expect([reopened, given]).toEqual([["email"], []])
    watchdog.stop()
  })

  test("leaves a queue alone whose capacity is taken, and one whose Redis is away or has just come back", () => {
    const busy = watch({ active: 1 })
    busy.passes(600)
    const away = watch({ status: "reconnecting" })
    away.passes(600)
    away.connection.emit("ready")
    away.passes(40)
    away.connection.emit("close")
    away.passes(600)
    expect([busy.reopened, away.reopened]).toEqual([[], []])
    busy.watchdog.stop()
    away.watchdog.stop()
  })
})

test("a process that has to end for a reason of its own stops in order and exits with 1", async () => {
  const shutdown = join(import.meta.dir, "../lib/shutdown.ts")
  const script = `import { stopOnSignal } from ${JSON.stringify(shutdown)}
    setInterval(() => {}, 1000)
    stopOnSignal(async () => console.log("in order"))("queue email still stands")`
  const child = Bun.spawn([process.execPath, "-e", script], {
    env: { ...process.env, LOG_LEVEL: "info" },
    stderr: "pipe",
  })
  expect(await child.exited).toBe(1)
  expect(await new Response(child.stdout).text()).toContain("in order\n")
  expect(await new Response(child.stderr).text()).toContain("Stopping: queue email still stands")
})
