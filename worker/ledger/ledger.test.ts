import { afterEach, beforeEach, expect, test } from "bun:test"
import { join } from "node:path"
import postgres from "postgres"
import { migrate } from "../../db/migrate.ts"
import { closePool, pool, sidePool } from "../../db/pool.ts"
import { findRecordedRun } from "../../db/runs.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startPostgres } from "../../sandbox/postgres/server.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import type { AnyProcessor } from "../execute.ts"
import { startWorkers, type Workers } from "../workers.ts"
import { createLedger, type Ledger } from "./ledger.ts"
import { jobNamed, recordedIds } from "./testing.ts"

const job = jobNamed("accounted")
let ledger: Ledger
let workers: Workers

beforeEach(async () => {
  await pool()`truncate runs, run_events, ledger_watermarks`
})

afterEach(async () => {
  await workers.stop(5)
  await ledger.close(1_000)
  workers.disconnect()
  await queueOf(job).obliterate({ force: true })
})

function work(
  processor: (payload: { n: number }, run: Parameters<AnyProcessor>[1]) => Promise<unknown>,
  kept = createLedger(),
) {
  ledger = kept
  const one = { job: job as JobDefinition, processor: processor as AnyProcessor }
  workers = startWorkers([one], { observers: [ledger.observer], onRemoved: ledger.sweepSoon })
}

const ask = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => enqueue(job, { n }).then(({ id }) => id)))

const endedIds = async () =>
  (await queueOf(job).getJobs(["completed", "failed"], 0, -1)).map(({ id }) => id!).sort()

const recorded = (id: string) => findRecordedRun(job.name, id)
const isRecorded = (id: string) => until(async () => (await recorded(id)) !== undefined, 5_000)

test("every run is in the ledger moments after its end, with what Redis says of it", async () => {
  work(async ({ n }) => {
    if (n % 3 === 1) throw new PermanentError(`no luck with ${n}`)
    return { n }
  })
  const ids = (await ask(60)).sort()
  expect(await until(async () => (await recordedIds(job.name, pool())).length === 60, 10_000)).toBe(true)
  expect(await recordedIds(job.name, pool())).toEqual(ids)
  for (const id of ids) expect(await recorded(id)).toEqual((await findRun(job, id)) as never)
})

test("the tries, the log and the stages of a run are events of it, in order", async () => {
  work(async ({ n }, run) => {
    run.log(`attempt ${run.attempt}`)
    run.progress({ percentage: 50, stage: "halfway", message: "for ana@example.com" })
    if (run.attempt < 3) throw new Error("not yet")
    return { n }
  })
  const [id] = await ask(1)
  expect(await isRecorded(id!)).toBe(true)
  const events = () =>
    pool()`select kind, attempt, data from run_events where run_id = ${id!} order by attempt, kind`
  expect(await until(async () => (await events()).length === 8, 5_000)).toBe(true)
  const log = (attempt: number) => ({ kind: "log", attempt, data: { text: `attempt ${attempt}` } })
  const stage = (attempt: number) => ({
    kind: "stage",
    attempt,
    data: { stage: "halfway", message: "for a***@example.com", percentage: 50 },
  })
  const failed = (attempt: number) => ({
    kind: "attempt",
    attempt,
    data: { outcome: "retrying", error: "not yet", startedAt: expect.any(Number) },
  })
  expect(await events()).toEqual([
    failed(1),
    log(1),
    stage(1),
    failed(2),
    log(2),
    stage(2),
    log(3),
    stage(3),
  ] as never)
})

test("a failed run that is tried again by hand, and completes, is completed in the ledger", async () => {
  let lucky = false
  work(async ({ n }) => {
    if (!lucky) throw new PermanentError("no luck")
    return { n }
  })
  const [id] = await ask(1)
  expect(await isRecorded(id!)).toBe(true)
  expect(await recorded(id!)).toMatchObject({ status: "failed", failedReason: "no luck" })
  lucky = true
  await (await queueOf(job).getJob(id!))!.retry("failed")
  expect(await until(async () => (await recorded(id!))?.status === "completed", 5_000)).toBe(true)
  expect(await recorded(id!)).toMatchObject({ failedReason: null, returnValue: { n: 0 } })
})

test("runs go on while PostgreSQL is stopped, and the ledger catches up", async () => {
  const place = { dataDir: join(await temporaryFolder(), "postgres"), durable: true, port: await freePort() }
  const first = await startPostgres(place)
  const session = postgres(first.url, { max: 1, onnotice: () => undefined })
  await migrate(session)
  await session.end()
  const before = process.env.DATABASE_URL
  await closePool()
  process.env.DATABASE_URL = first.url
  try {
    work(async ({ n }) => ({ n }))
    const early = await ask(200)
    expect(await until(async () => (await recordedIds(job.name, pool())).length > 0, 5_000)).toBe(true)
    await first.stop()
    const meanwhile = await ask(300)
    const all = [...early, ...meanwhile]
    expect(await until(async () => (await endedIds()).length === all.length, 20_000)).toBe(true)

    const second = await startPostgres(place)
    const caughtUp = async () =>
      (await recordedIds(job.name, sidePool()).catch(() => [])).length === all.length
    expect(await until(caughtUp, 20_000)).toBe(true)
    expect(await recordedIds(job.name, pool())).toEqual(await endedIds())
    await ledger.close(1_000)
    await closePool()
    await second.stop()
  } finally {
    await closePool()
    process.env.DATABASE_URL = before
  }
})

test("what a worker had not written when it was killed, the next one finds", async () => {
  const script = `
    const { startWorkers } = await import("${import.meta.dir}/../workers.ts")
    const { createLedger } = await import("${import.meta.dir}/ledger.ts")
    const { jobNamed } = await import("${import.meta.dir}/testing.ts")
    const ledger = createLedger()
    startWorkers([{ job: jobNamed("accounted"), processor: async ({ n }) => ({ n }) }], { observers: [ledger.observer] })
  `
  const nowhere = Object.assign(new URL(process.env.DATABASE_URL!), { port: String(await freePort()) })
  const doomed = Bun.spawn([process.execPath, "-e", script], {
    env: { ...process.env, DATABASE_URL: nowhere.href },
    stdout: "ignore",
    stderr: "ignore",
  })
  const ids = (await ask(150)).sort()
  expect(await until(async () => (await endedIds()).length === ids.length, 20_000)).toBe(true)
  doomed.kill("SIGKILL")
  await doomed.exited
  expect(await recordedIds(job.name, pool())).toEqual([])

  work(async ({ n }) => ({ n }))
  ledger.startSweeping([job], workers.connection)
  expect(await until(async () => (await recordedIds(job.name, pool())).length === ids.length, 15_000)).toBe(
    true,
  )
  expect(await recordedIds(job.name, pool())).toEqual(ids)
  for (const id of ids.slice(0, 5)) expect(await recorded(id)).toEqual((await findRun(job, id)) as never)
})

test("what was dropped while PostgreSQL was away for too long is found in Redis when it is back", async () => {
  let away = true
  // As with postgres.js, a query is asked when somebody waits for it: until then it may be part of another.
  const refused = Promise.reject(new Error("away"))
  refused.catch(() => undefined)
  const db = Object.assign((first: never, ...rest: never[]) => (away ? refused : pool()(first, ...rest)), {
    begin: (work: never) => (away ? refused : pool().begin(work)),
  }) as unknown as postgres.Sql
  work(async ({ n }) => ({ n }), createLedger(db, { entries: 50, size: 1_000_000 }))
  ledger.startSweeping([job], workers.connection)
  const ids = (await ask(1_500)).sort()
  const unfinished = () => queueOf(job).getJobCountByTypes("waiting", "prioritized", "active")
  expect(await until(async () => (await unfinished()) === 0, 20_000)).toBe(true)
  expect(await recordedIds(job.name, pool())).toEqual([])
  away = false
  const inRedis = await endedIds()
  const isComplete = async () => {
    const known = new Set(await recordedIds(job.name, pool()))
    return inRedis.every((id) => known.has(id))
  }
  expect(await until(isComplete, 20_000)).toBe(true)
  expect(ids).toEqual(expect.arrayContaining(await recordedIds(job.name, pool())))
})

test("a run left behind by a worker is reason to look for what that one had not written", async () => {
  work(async ({ n }) => ({ n }))
  ledger.startSweeping([job], workers.connection)
  const swept = () => pool()`select 1 from ledger_watermarks where queue = ${job.name}`
  expect(await until(async () => (await swept()).length === 2, 10_000)).toBe(true)
  await pool()`truncate ledger_watermarks`
  ledger.observer.stalled()
  expect(await until(async () => (await swept()).length === 2, 10_000)).toBe(true)
})

test("what ended too late for a sweep that was due already is found by another", async () => {
  ledger = createLedger()
  // Nobody records what this worker does.
  workers = startWorkers([{ job: job as JobDefinition, processor: (async () => ({ n: 1 })) as AnyProcessor }])
  await ask(1)
  expect(await until(async () => (await endedIds()).length === 1, 10_000)).toBe(true)
  ledger.startSweeping([job], workers.connection)
  // The first sweep begins two seconds after that, and leaves the last of them to workers.
  await Bun.sleep(1_300)
  const [id] = await ask(1)
  expect(await until(async () => (await endedIds()).length === 2, 10_000)).toBe(true)
  ledger.sweepSoon()
  expect(await isRecorded(id!)).toBe(true)
})

test("what a processor returns that no ledger can hold fails nothing", async () => {
  work(async () => ({ n: 1, text: "a\0b\ud800", deep: { who: "planted@example.com" } }))
  const ids = (await ask(20)).sort()
  expect(await until(async () => (await recordedIds(job.name, pool())).length === 20, 5_000)).toBe(true)
  expect(await recorded(ids[0]!)).toMatchObject({ returnValue: { n: 1, "[redacted]": "[redacted]" } })
})
