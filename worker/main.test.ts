import { afterEach, describe, expect, test } from "bun:test"
import { join } from "node:path"
import postgres from "postgres"
import { migrate } from "../db/migrate.ts"
import { enqueue } from "../lib/enqueue.ts"
import { email } from "../lib/jobs/email.ts"
import { jobs } from "../lib/jobs/index.ts"
import { queueOf } from "../lib/queues.ts"
import { findRun } from "../lib/runs.ts"
import { alarm } from "../lib/schedules/queue.ts"
import { freePort } from "../sandbox/ports.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { nowhere } from "../sandbox/redis/environment.ts"
import { startRedis } from "../sandbox/redis/server.ts"
import { type Service, startService } from "../sandbox/service.ts"
import { temporaryFolder, withRedisAt, world } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"

const command = [process.execPath, "worker/main.ts"]
const ofMail = { WORKER_QUEUES: email.name }
const dataDir = temporaryFolder
const mail = () => ({
  to: `${crypto.randomUUID()}@example.com`,
  template: "welcome" as const,
  data: { userName: "Ana" },
})
const sentTo = (to: string) => world.resend.messages.filter((message) => message.to.includes(to))
const runsAtATime = jobs.reduce((sum, { concurrency }) => sum + concurrency, 0)
const statusOf = async (id: string) => (await findRun(email, id))?.status

let worker: Service
const start = async (env: Record<string, string | undefined> = {}) => {
  worker = await (await startService(command, env)).up()
}
const report = async (path: string) => {
  const response = await fetch(`${worker.url}${path}`)
  return [response.status, await response.json()]
}

afterEach(async () => {
  await worker.stop()
})

test("does what is asked for, says so as the specification has it, and stops clean", async () => {
  await start()
  const asked = mail()
  const { id } = await enqueue(email, asked)
  expect(await until(async () => (await statusOf(id)) === "completed", 10_000)).toBe(true)
  expect(sentTo(asked.to)).toHaveLength(1)
  expect(await worker.stop()).toBe(0)
  const said = worker.output()
  const shortened = `${asked.to[0]}***@example.com`
  expect(said).toContain("[QueueManager] Queue 'email' initialized\n")
  expect(said).toContain(
    `At most ${runsAtATime + 17} connections to PostgreSQL and ${jobs.length + 4} to Redis\n`,
  )
  expect(said).toContain(`[Worker:email] Processing job ${id}\n`)
  expect(said).toContain(`[EmailProcessor] Email sent successfully to: ${shortened}`)
  expect(said).toContain(`[Worker:email] Job ${id} completed successfully\n`)
  expect(said).not.toContain(asked.to)
})

test("is healthy and ready, and knows no other route", async () => {
  await start()
  expect(await until(async () => (await report("/health"))[0] === 200, 5_000)).toBe(true)
  expect(await report("/health")).toEqual([
    200,
    {
      status: "healthy",
      uptime: expect.any(Number),
      queues: [...jobs, alarm].map(({ name }) => ({ name, running: true })),
      warnings: [],
    },
  ])
  expect(await until(async () => (await report("/ready"))[0] === 200, 5_000)).toBe(true)
  expect(await report("/ready")).toMatchObject([
    200,
    { status: "ready", checks: { redis: { ok: true }, postgres: { ok: true } } },
  ])
  expect((await report("/"))[0]).toBe(404)
})

test("lets the run under way end when it is stopped", async () => {
  const held = world.resend.fail({ times: 1, mode: "slow" })
  await start()
  const asked = mail()
  const { id } = await enqueue(email, asked)
  await held.met
  worker.signal("SIGTERM")
  expect(await until(() => worker.output().includes("SIGTERM: stopping"), 5_000)).toBe(true)
  held.release()
  expect(await worker.ended).toBe(0)
  expect(await statusOf(id)).toBe("completed")
  expect(sentTo(asked.to)).toHaveLength(1)
})

test("hands back a run that does not end in time, and the next worker sends the mail once", async () => {
  const hung = world.resend.fail({ times: 1, mode: "hang" })
  await start({ ...ofMail, DRAIN_SECONDS: "1" })
  const asked = mail()
  const { id } = await enqueue(email, asked, { attempts: 1 })
  await hung.met
  expect(await worker.stop()).toBe(0)
  expect(await findRun(email, id)).toMatchObject({ status: "waiting", attemptsMade: 0 })

  await start(ofMail)
  expect(await until(async () => (await statusOf(id)) === "completed", 10_000)).toBe(true)
  expect(sentTo(asked.to)).toHaveLength(1)
})

test("born without Redis is not healthy, and starts to work when Redis comes", async () => {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  await start({ REDIS_URL: url })
  expect(await report("/health")).toMatchObject([503, { status: "unavailable" }])
  expect(await report("/ready")).toMatchObject([
    503,
    { checks: { redis: { ok: false }, postgres: { ok: true } } },
  ])

  const redis = await startRedis({ dataDir: await dataDir(), durable: false, port })
  const done = await withRedisAt(url, async () => {
    const { id } = await enqueue(email, mail())
    return await until(async () => (await statusOf(id)) === "completed", 20_000)
  })
  expect(done).toBe(true)
  expect(await until(async () => (await report("/health"))[0] === 200, 5_000)).toBe(true)
  await worker.stop()
  await redis.stop()
})

test("loses no run when Redis is stopped and started again", async () => {
  const folder = await dataDir()
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const first = await startRedis({ dataDir: folder, durable: true, port })
  await start({ REDIS_URL: url })
  await withRedisAt(url, async () => {
    const { id } = await enqueue(email, mail(), { delay: 1_500 })
    await first.stop()
    const second = await startRedis({ dataDir: folder, durable: true, port })
    expect(await until(async () => (await statusOf(id).catch(() => "away")) === "completed", 30_000)).toBe(
      true,
    )
    await worker.stop()
    await second.stop()
  })
})

test("waits with a run while PostgreSQL is away, burns no attempt on it, and does it when PostgreSQL is back", async () => {
  const place = { dataDir: join(await dataDir(), "postgres"), durable: true, port: await freePort() }
  const first = await startPostgres(place)
  const session = postgres(first.url, { max: 1, onnotice: () => undefined })
  await migrate(session)
  await session.end()
  await start({ DATABASE_URL: first.url })
  await first.stop()

  const asked = mail()
  const { id } = await enqueue(email, asked, { attempts: 1 })
  expect(await until(async () => (await statusOf(id)) === "delayed", 30_000)).toBe(true)
  expect(await until(() => worker.output().includes(`Job ${id} is postponed`), 5_000)).toBe(true)
  const second = await startPostgres(place)
  expect(await until(async () => (await statusOf(id)) === "completed", 30_000)).toBe(true)
  expect(sentTo(asked.to)).toHaveLength(1)
  await worker.stop()
  await second.stop()
})

test("that is killed in the middle leaves a run to the next one, and the mail is sent once", async () => {
  const hasty = { ...ofMail, LOCK_DURATION: "1000", STALLED_INTERVAL: "1000" }
  const held = world.resend.fail({ times: 1, mode: "slow" })
  await start(hasty)
  const asked = mail()
  const { id } = await enqueue(email, asked, { attempts: 1 })
  await held.met
  worker.signal("SIGKILL")
  expect(await worker.ended).toBe("SIGKILL")
  held.release()
  expect(await until(() => sentTo(asked.to).length === 1, 5_000)).toBe(true)

  await start(hasty)
  expect(await until(async () => (await statusOf(id)) === "completed", 20_000)).toBe(true)
  expect(worker.output()).toContain(`Job ${id} was left behind by a worker and is taken up again`)
  expect(sentTo(asked.to)).toMatchObject([{ presented: 2 }])
  expect((await findRun(email, id))?.returnValue).toEqual({
    sent: 1,
    suppressed: 0,
    messageId: sentTo(asked.to)[0]!.id,
  })
})

test("lets a run end that it was about to take when the stop came", async () => {
  for (let time = 0; time < 5; time++) {
    await start(ofMail)
    const held = world.resend.fail({ times: 1, mode: "slow" })
    const { id } = await enqueue(email, mail(), { attempts: 1 })
    worker.signal("SIGTERM")
    const begun = await Promise.race([held.met.then(() => true), worker.ended.then(() => false)])
    held.release()
    expect(await worker.ended).toBe(0)
    expect(worker.output()).not.toContain("Redis did not answer")
    expect(await statusOf(id)).toBe(begun ? "completed" : "waiting")
    world.resend.forgive()
    await queueOf(email).obliterate({ force: true })
  }
})

test("says so, and is not healthy, when it may not work on a queue", async () => {
  const args = ["--user", "default", "on", "nopass", "~*", "&*", "+@all", "-evalsha", "-eval"]
  const redis = await startRedis({ dataDir: await dataDir(), durable: false, args })
  await start({ REDIS_URL: redis.url })
  expect(await until(() => worker.output().includes("Cannot work on the queue"), 10_000)).toBe(true)
  expect(worker.output()).toContain("NOPERM")
  expect(await until(async () => (await report("/health"))[0] === 503, 5_000)).toBe(true)
  await worker.stop()
  await redis.stop()
})

test("stops within seconds, and says so, when Redis is away", async () => {
  await start({ REDIS_URL: `redis://127.0.0.1:${await freePort()}`, DRAIN_SECONDS: "600" })
  expect(await worker.stop()).toBe(0)
  expect(worker.output()).toContain("Redis did not answer")
})

describe("refuses to start", () => {
  const complaint = async (env: Record<string, string>) => {
    worker = await startService(command, env)
    expect(await worker.ended).toBe(1)
    return worker.output()
  }

  test("without what it needs, all of it named", async () => {
    const said = await complaint({ ...nowhere, DATABASE_URL: "", RESEND_API_KEY: "", FROM_EMAIL: "" })
    expect(said).toMatch(/^Cannot start: .+\.\n$/)
    for (const name of ["REDIS_URL", "DATABASE_URL", "RESEND_API_KEY", "FROM_EMAIL"])
      expect(said).toContain(`set ${name} (`)
  })

  test("without a place for files, or with one that is none", async () => {
    expect(await complaint({ NODE_ENV: "production", STORAGE_URL: "" })).toContain("set STORAGE_URL (")
    expect(await complaint({ STORAGE_URL: "s3://files/folder" })).toContain(
      "STORAGE_URL is not right: after s3:// comes the name of a bucket, and no path",
    )
  })

  test("on a port that is in use, in production too", async () => {
    const first = await (await startService(command, { NODE_ENV: "production" })).up()
    expect(await complaint({ NODE_ENV: "production", PORT: String(first.port) })).toEndWith(
      `Cannot start: port ${first.port} is in use; stop what uses it, or set PORT to another.\n`,
    )
    await first.stop()
  })

  test("with fewer connections than runs at a time", async () => {
    expect(await complaint({ DATABASE_POOL: "3" })).toBe(
      `Cannot start: DATABASE_POOL is 3, and the runs worked on at a time, and what is beside them, need ${runsAtATime + 8}.\n`,
    )
  })

  test("with a key of SendGrid, since mail goes another way", async () => {
    expect(await complaint({ SENDGRID_API_KEY: "SG.x" })).toContain(
      "SENDGRID_API_KEY is set, and mail goes through Resend",
    )
  })
})
