import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { Worker } from "bullmq"
import { z } from "zod"
import { waitingMetrics } from "../../db/metrics.ts"
import { pool } from "../../db/pool.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { RetryLater } from "../../lib/errors.ts"
import { defineJob } from "../../lib/jobs/define.ts"
import { parseMetrics as parse } from "../../lib/metrics/parse.testing.ts"
import { onRedis, prefixOf, queueClient, queueOf } from "../../lib/queues.ts"
import { infoOf } from "../../lib/redis/facts.ts"
import { findRun } from "../../lib/runs.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startService } from "../../sandbox/service.ts"
import { withRedisAt } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { pace } from "../mail/pace.ts"
import { forgetGuest } from "../price-sync/guest/testing.ts"
import { Blocked } from "../price-sync/nota-parana/errors.ts"
import { notaParana } from "../price-sync/nota-parana.ts"
import type { Run } from "../run.ts"
import { startWorkers, type Workers } from "../workers.ts"
import { budgetMetrics } from "./budgets.ts"
import { createMetrics, type Metrics } from "./metrics.ts"
import { serveMetrics } from "./serve.ts"

const job = defineJob({
  name: "measured",
  summary: "Do what the test says",
  payload: z.object({ word: z.string() }),
  result: z.unknown(),
  example: { word: "go" },
  concurrency: 2,
  backoff: { type: "fixed", delay: 20 },
})

let metrics: Metrics
let workers: Workers | undefined

beforeEach(() => {
  metrics = createMetrics([job], { postgres: 22, redis: 4 })
})

afterEach(async () => {
  await workers?.stop(5)
  workers?.disconnect()
  workers = undefined
  delete process.env.STALLED_INTERVAL
  await queueOf(job).obliterate({ force: true })
})

function work(processor: (payload: { word: string }, run: Run) => Promise<unknown>) {
  workers = startWorkers([{ job, processor }], { observers: [metrics.observer] })
}

const ask = async (options = {}) => (await enqueue(job, { word: "go" }, options)).id
const ended = (id: string) => until(async () => (await findRun(job, id))?.finishedOn != null, 10_000)
const scrape = async () => parse(await metrics.text(workers!))
const ends = (outcome: string) => `esteira_runs_total{queue="measured",outcome="${outcome}"}`

test("counts how runs end, from nought, and how long they waited and took", async () => {
  let times = 0
  work(async (_, { attempt }) => {
    times += 1
    if (times === 1) throw new RetryLater(10)
    if (attempt < 3) throw new Error("no luck")
  })
  const before = await scrape()
  for (const outcome of [
    "completed",
    "failed",
    "retrying",
    "postponed",
    "cancelled",
    "timed-out",
    "handed-back",
  ])
    expect([outcome, before.get(ends(outcome))]).toEqual([outcome, 0])
  expect(await ended(await ask({ delay: 50 }))).toBe(true)
  expect(await ended(await ask({ attempts: 1 }))).toBe(true)
  // A worker counts an end once Redis has it.
  await until(async () => (await scrape()).get(ends("failed")) === 1, 10_000)

  const after = await scrape()
  expect(after.get(ends("postponed"))).toBe(1)
  expect(after.get(ends("retrying"))).toBe(2)
  expect(after.get(ends("completed"))).toBe(1)
  expect(after.get(ends("failed"))).toBe(1)
  expect(after.get('esteira_run_duration_seconds_count{queue="measured",outcome="retrying"}')).toBe(2)
  // A wait for each run, not for each try; and time asked for is no wait.
  expect(after.get('esteira_run_wait_seconds_count{queue="measured"}')).toBe(2)
  expect(after.get('esteira_run_wait_seconds_sum{queue="measured"}')).toBeLessThan(1)
})

test("counts a run that was left behind", async () => {
  const id = await ask()
  const dying = new Worker(job.name, undefined, {
    connection: queueClient(),
    prefix: prefixOf(job.name),
    lockDuration: 50,
    autorun: false,
  })
  await dying.getNextJob("a token")
  await dying.close(true)
  process.env.STALLED_INTERVAL = "200"
  work(async () => "done")
  expect(await ended(id)).toBe(true)
  expect((await scrape()).get('esteira_runs_stalled_total{queue="measured"}')).toBe(1)
})

test("tells of the queues, the process and what it depends on", async () => {
  const gate = Promise.withResolvers<void>()
  work(async () => gate.promise)
  for (let time = 0; time < 3; time++) await ask()
  await ask({ delay: 60_000 })
  // Redis may tell of a run before its worker has begun it.
  expect(await until(() => workers!.workers.some(({ active }) => active.size === 2), 5_000)).toBe(true)
  const told = await scrape()
  expect(told.get('esteira_queue_runs{queue="measured",state="active"}')).toBe(2)
  expect(told.get('esteira_queue_runs{queue="measured",state="prioritized"}')).toBe(1)
  expect(told.get('esteira_queue_runs{queue="measured",state="delayed"}')).toBe(1)
  expect(told.get('esteira_runs_active{queue="measured"}')).toBe(2)
  expect(told.get('esteira_connections_limit{to="redis"}')).toBe(4)
  for (const part of ["redis", "postgres", "queues", "waiting", "budgets"])
    expect(told.get(`esteira_up{part="${part}"}`)).toBe(1)
  for (const name of [
    "esteira_redis_memory_bytes",
    "esteira_redis_round_trip_seconds",
    "esteira_postgres_round_trip_seconds",
    'esteira_postgres_connections{state="active"}',
    "esteira_process_resident_memory_bytes",
    "esteira_process_heap_used_bytes",
    "esteira_process_cpu_seconds_total",
    "esteira_process_start_time_seconds",
  ])
    expect([name, (told.get(name) ?? 0) > 0]).toEqual([name, true])
  gate.resolve()
})

test("sees an event loop that was held up, once", async () => {
  work(async () => undefined)
  await scrape()
  // The monitor has to have looked before, to see that it looks late.
  await Bun.sleep(100)
  const start = performance.now()
  while (performance.now() - start < 150);
  await Bun.sleep(50)
  const late = "esteira_event_loop_delay_max_seconds"
  expect((await scrape()).get(late)).toBeGreaterThan(0.1)
  await Bun.sleep(100)
  expect((await scrape()).get(late)).toBeLessThan(0.1)
})

test("tells what is taken of the budgets of the services outside", async () => {
  const told = async () => parse(await budgetMetrics())
  await forgetGuest()
  await onRedis((client) => client.del("esteira:{resend}:pace"))
  const before = await told()
  expect(before.get("esteira_mail_requests_per_second_limit")).toBe(10_000)
  expect(before.get("esteira_mail_wait_seconds")).toBe(0)
  expect(before.get("esteira_price_sync_requests_limit")).toBe(60)
  expect(before.get("esteira_price_sync_requests_used")).toBe(0)
  expect(before.get("esteira_price_sync_breaker_open")).toBe(0)
  expect(before.get("esteira_price_sync_left_alone_seconds")).toBe(0)

  // Sixty mails have their turns, one a second.
  process.env.RESEND_REQUESTS_PER_SECOND = "1"
  const stop = new AbortController()
  const turns = Array.from({ length: 60 }, () => pace(stop.signal, { toMany: false }))
  await turns[0]
  process.env.RESEND_REQUESTS_PER_SECOND = "10000"
  const { budget, breaker } = notaParana(queueClient())
  await budget.claim()
  await budget.claim()
  const blocked = breaker.pass(() => Promise.reject(new Blocked("HTTP 403")), new AbortController().signal)
  await expect(blocked).rejects.toThrow("HTTP 403")

  const after = await told()
  expect(after.get("esteira_mail_wait_seconds")).toBeWithin(30, 60.001)
  expect(after.get("esteira_price_sync_requests_used")).toBe(2)
  expect(after.get("esteira_price_sync_breaker_open")).toBe(1)
  expect(after.get("esteira_price_sync_left_alone_seconds")).toBeWithin(6 * 3_600 - 60, 6 * 3_600 + 1)
  stop.abort()
  await Promise.allSettled(turns)
  await onRedis((client) => client.del("esteira:{resend}:pace"))
  await forgetGuest()
})

test("asks Redis for the depths of queues once in ten seconds", async () => {
  work(async () => undefined)
  const counted = () => commandsOf("evalsha")
  await scrape()
  const before = await counted()
  for (let time = 0; time < 5; time++) await scrape()
  expect(await counted()).toBe(before)
})

test("tells what waits in PostgreSQL: runs in the outbox, how long, and callbacks", async () => {
  await pool()`truncate outbox, webhook_deliveries`
  const told = async () => {
    const samples = parse(await waitingMetrics())
    return ["outbox_runs", "outbox_oldest_seconds", "callbacks_pending"].map((name) =>
      samples.get(`esteira_${name}`),
    )
  }
  expect(await told()).toEqual([0, 0, 0])
  await pool()`select enqueue_job('email', '{}'), enqueue_job('email', '{}')`
  await pool()`update outbox set asked_at = now() - interval '1 hour' where id = (select min(id) from outbox)`
  await pool()`
    insert into webhook_deliveries (run_id, queue, finished_at, url, host, body, status, ended_at)
    select 'one', 'email', to_timestamp(number), 'https://example.com', 'example.com', '{}',
      case when number > 1 then 'pending' else 'failed' end, case when number = 1 then now() end
    from generate_series(1, 3) as number
  `
  expect(await told()).toEqual([2, expect.closeTo(3_600, -2), 2])
  await pool()`truncate outbox, webhook_deliveries`
})

async function commandsOf(command: string) {
  const calls = new RegExp(`cmdstat_${command}:calls=(\\d+)`)
  const reports = await infoOf(queueClient(), "commandstats")
  return reports.reduce((sum, report) => sum + Number(calls.exec(report)?.[1] ?? 0), 0)
}

test("without Redis tells the rest within its time, and that Redis is missing", async () => {
  await withRedisAt(`redis://127.0.0.1:${await freePort()}`, async () => {
    work(async () => undefined)
    const began = performance.now()
    const told = await scrape()
    expect(performance.now() - began).toBeLessThan(2_500)
    expect(told.get('esteira_up{part="redis"}')).toBe(0)
    expect(told.get('esteira_up{part="queues"}')).toBe(0)
    expect(told.get('esteira_up{part="budgets"}')).toBe(0)
    expect(told.get('esteira_up{part="postgres"}')).toBe(1)
    expect(told.get(ends("failed"))).toBe(0)
    expect([...told.keys()].some((name) => name.startsWith("esteira_redis_"))).toBe(false)
    await workers?.stop(0)
    workers?.disconnect()
    workers = undefined
  })
})

test("are served by the worker to who has the key", async () => {
  const METRICS_KEY = "a_key_for_the_scraper"
  const worker = await (await startService([process.execPath, "worker/main.ts"], { METRICS_KEY })).up()
  const answer = (authorization: string) => fetch(`${worker.url}/metrics`, { headers: { authorization } })
  expect((await answer("Bearer another")).status).toBe(401)
  const told = parse(await (await answer(`Bearer ${METRICS_KEY}`)).text())
  expect(told.get('esteira_runs_active{queue="email"}')).toBe(0)
  expect(await worker.stop()).toBe(0)
})

describe("the route", () => {
  const KEY = "a key for the scraper"
  const answer = async (env: Record<string, string>, authorization?: string) => {
    const before = { ...process.env }
    Object.assign(process.env, env)
    const init = authorization ? { headers: { authorization } } : {}
    const response = await serveMetrics(new Request("http://worker/metrics", init), async () => "said 1\n")
    for (const name of Object.keys(env)) delete process.env[name]
    Object.assign(process.env, before)
    return response
  }

  test("answers in development", async () => {
    const response = await answer({ NODE_ENV: "development" })
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    expect(await response.text()).toBe("said 1\n")
  })

  test("is not there in production without a key", async () => {
    expect((await answer({ NODE_ENV: "production" })).status).toBe(404)
  })

  test.each(["production", "development"])("wants the key where there is one, in %s", async (NODE_ENV) => {
    const env = { NODE_ENV, METRICS_KEY: KEY.replaceAll(" ", "_") }
    expect((await answer(env)).status).toBe(401)
    expect((await answer(env, `Bearer ${env.METRICS_KEY}x`)).status).toBe(401)
    expect((await answer(env, `Basic ${env.METRICS_KEY}`)).status).toBe(401)
    expect((await answer(env, `Bearer ${env.METRICS_KEY}`)).status).toBe(200)
  })
})
