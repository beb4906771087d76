import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { openEvents } from "../../sandbox/event-stream.ts"
import { freePort } from "../../sandbox/ports.ts"
import { launch } from "../../sandbox/process/launch.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { askMasters, temporaryFolder, withRedisAt } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import type { Run } from "../../worker/run.ts"
import { startWorkers, type Workers } from "../../worker/workers.ts"

const authorization = "Bearer est_a_key_for_the_tests"
const mail = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } } as const

/** What the test lets a run do. */
interface Script {
  run: Run
  end(error?: Error): void
}

describe.each(Object.keys(runtimes) as Runtime[])("the events of a run, on %s", (runtime) => {
  let api: Service
  let workers: Workers
  let scripts: Map<string, Script>

  const start = async (env: Record<string, string> = {}) => {
    api = await (await startService(runtimes[runtime], env)).up()
  }
  const work = () => {
    const processor = (_: unknown, run: Run) =>
      new Promise<{ sent: number; suppressed: number; messageId: null }>((resolve, reject) => {
        const end = (error?: Error) =>
          error ? reject(error) : resolve({ sent: 1, suppressed: 0, messageId: null })
        scripts.set(run.id, { run, end })
      })
    workers = startWorkers([{ job: email, processor: processor as never }])
  }
  const ask = async (options = {}) => (await enqueue(email, mail, options)).id
  const begun = async (id: string) => {
    await until(() => scripts.has(id), 10_000)
    return scripts.get(id)!
  }
  const listen = (id: string, headers: Record<string, string> = {}) =>
    openEvents(`${api.url}/api/jobs/email/${id}/events`, { authorization, ...headers })

  beforeEach(() => {
    scripts = new Map()
    work()
  })
  afterEach(async () => {
    for (const { end } of scripts.values()) end()
    await workers.stop(1)
    workers.disconnect()
    await api.stop()
    await queueOf(email).obliterate({ force: true })
  })

  test("are a snapshot, what comes, and its end, after which the stream ends for good", async () => {
    await start()
    const id = await ask({ delay: 500 })
    const listener = await listen(id)
    expect(listener.status).toBe(200)
    expect(listener.headers.get("content-type")).toBe("text/event-stream; charset=utf-8")
    expect(listener.headers.get("x-request-id")).toBeTruthy()
    expect(await listener.hears("snapshot")).toBe(true)
    expect(listener.events[0]!.data).toMatchObject({
      jobId: id,
      status: "delayed",
      progress: { percentage: 0 },
    })

    const { run, end } = await begun(id)
    expect(
      await until(
        () => listener.of("status").some(({ data }) => (data as { status: string }).status === "active"),
        3_000,
      ),
    ).toBe(true)
    run.progress({ percentage: 40, stage: "writing", message: "Half of it" })
    expect(await listener.hears("progress", 3_000)).toBe(true)
    expect(listener.of("progress")[0]!.data).toEqual({
      percentage: 40,
      stage: "writing",
      message: "Half of it",
    })
    run.log("One line", { of: 2 })
    run.log("Another,\nof two lines")
    expect(await until(() => listener.of("log").length === 2, 3_000)).toBe(true)
    expect(listener.of("log").map(({ data }) => (data as { text: string }).text)).toEqual([
      'One line {"of":2}',
      "Another,\nof two lines",
    ])
    end()
    expect(await listener.isOver(3_000)).toBe(true)
    const last = listener.events.at(-1)!
    expect(last).toMatchObject({
      event: "completed",
      id: "end",
      data: { jobId: id, status: "completed", returnValue: { sent: 1 } },
    })
    expect(listener.of("completed")).toHaveLength(1)

    expect((await listen(id, { "last-event-id": "end" })).status).toBe(204)
    const late = await listen(id)
    expect(await late.isOver()).toBe(true)
    expect(late.events.map(({ event }) => event)).toEqual(["snapshot", "log", "log", "completed"])
  })

  test("tell of failure and of being cancelled, and nothing of runs that there are not", async () => {
    await start()
    const [failing, cancelled] = [await ask({ attempts: 1 }), await ask({ delay: 60_000 })]
    const listeners = await Promise.all([listen(failing), listen(cancelled)])
    ;(await begun(failing)).end(new Error("no luck"))
    await fetch(`${api.url}/api/jobs/email/${cancelled}/cancel`, {
      method: "POST",
      headers: { authorization },
    })
    for (const listener of listeners) expect(await listener.isOver(5_000)).toBe(true)
    expect(listeners.map(({ events }) => events.at(-1))).toMatchObject([
      { event: "failed", data: { status: "failed", failedReason: "no luck" } },
      { event: "failed", data: { status: "cancelled", failedReason: "Cancelled by admin" } },
    ])
    for (const id of [crypto.randomUUID(), "nothing"]) expect((await listen(id)).status).toBe(404)
  })

  test("are not to be had with HEAD, which would wait for their end, and hold them though whoever asked has left", async () => {
    await start()
    const id = await ask({ delay: 60_000 })
    const asked = await fetch(`${api.url}/api/jobs/email/${id}/events`, {
      method: "HEAD",
      headers: { authorization },
      signal: AbortSignal.timeout(5_000),
    })
    expect([asked.status, asked.headers.get("allow")]).toEqual([405, "GET"])
  })

  test("go on for whoever comes back from the line that they had heard last, none twice", async () => {
    await start()
    const id = await ask()
    const first = await listen(id)
    const { run, end } = await begun(id)
    for (let line = 0; line < 5; line++) run.log(`line ${line}`)
    expect(await until(() => first.of("log").length === 5, 5_000)).toBe(true)
    const heard = first.of("log")[3]!.id!
    await first.leave()
    for (let line = 5; line < 8; line++) run.log(`line ${line}`)
    await Bun.sleep(50)
    const second = await listen(id, { "last-event-id": heard })
    run.log("line 8")
    end()
    expect(await second.isOver()).toBe(true)
    expect(second.of("log").map(({ data }) => (data as { text: string }).text)).toEqual(
      [4, 5, 6, 7, 8].map((line) => `line ${line}`),
    )
  })

  test("are heard by 500 at a time over one connection, which is gone when they are", async () => {
    await start()
    const subscribers = async () => {
      const lists = await askMasters((redis) => redis.call("client", "list", "type", "pubsub"))
      return lists.flatMap((list) => String(list).match(/^id=/gm) ?? []).length
    }
    const before = await subscribers()
    const ids = await Promise.all(Array.from({ length: 5 }, () => ask()))
    const running = await Promise.all(ids.map(begun))
    const urls = ids.map((id) => `${api.url}/api/jobs/email/${id}/events`)
    const listeners = (count: number) =>
      launch([process.execPath, "sandbox/listeners.ts", String(count), ...urls], "SIGKILL", {
        cwd: join(import.meta.dir, "../.."),
        env: { ...process.env, AUTHORIZATION: authorization, BUN_CONFIG_MAX_HTTP_REQUESTS: "1000" },
      })
    const [staying, leaving] = [listeners(400), listeners(100)]
    const hear = (listening: typeof staying, what: string) =>
      until(() => listening.output().includes(what), 20_000)
    expect([await hear(staying, "snapshot=400"), await hear(leaving, "snapshot=100")]).toEqual([true, true])
    expect(await subscribers()).toBe(before + 1)

    for (const { run } of running) run.progress({ percentage: 50, stage: "half", message: "" })
    expect([await hear(staying, "progress=400"), await hear(leaving, "progress=100")]).toEqual([true, true])
    leaving.signal("SIGKILL")
    await leaving.ended
    const saidAt = performance.now()
    for (const { end } of running) end()
    expect(await hear(staying, "completed=400 over=400")).toBe(true)
    console.log(`  400 listeners heard of the end within ${Math.round(performance.now() - saidAt)} ms`)
    staying.signal("SIGTERM")
    await staying.ended
    expect(await until(async () => (await subscribers()) === before, 10_000)).toBe(true)
  })
})

// Both at the same time: there is half a minute to wait.
test("events say every 15 seconds that all is well, and end when the API does, on each runtime", async () => {
  const { id } = await enqueue(email, mail)
  const listened = Object.values(runtimes).map(async (command) => {
    const api = await (await startService(command)).up()
    const listener = await openEvents(`${api.url}/api/jobs/email/${id}/events`, { authorization })
    expect(await until(() => listener.state.comments === 2, 35_000)).toBe(true)
    expect(listener.state.isOver).toBe(false)
    const stoppedAt = performance.now()
    const ended = api.stop()
    expect(await listener.isOver(5_000)).toBe(true)
    expect(await ended).toBe(0)
    expect(performance.now() - stoppedAt).toBeLessThan(5_000)
  })
  await Promise.all(listened)
  await queueOf(email).obliterate({ force: true })
})

describe.each(Object.keys(runtimes) as Runtime[])("when Redis is started anew, on %s", (runtime) => {
  test("whoever listens hears the end all the same", async () => {
    const port = await freePort()
    const dataDir = await temporaryFolder()
    const first = await startRedis({ dataDir, durable: true, port })
    await withRedisAt(first.url, async () => {
      const api = await (await startService(runtimes[runtime], { REDIS_URL: first.url })).up()
      const id = (await enqueue(email, mail)).id
      const listener = await openEvents(`${api.url}/api/jobs/email/${id}/events`, { authorization })
      expect(await listener.hears("snapshot")).toBe(true)
      await first.stop()
      const second = await startRedis({ dataDir, durable: true, port })
      const workers = startWorkers([
        { job: email, processor: (async () => ({ sent: 1, suppressed: 0, messageId: null })) as never },
      ])
      expect(await listener.hears("completed", 30_000)).toBe(true)
      expect(await listener.isOver()).toBe(true)
      await workers.stop(5)
      workers.disconnect()
      await api.stop()
      await second.stop()
    })
  })
})
