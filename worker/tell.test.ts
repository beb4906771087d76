import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { z } from "zod"
import { pool } from "../db/pool.ts"
import { findRecordedRun } from "../db/runs.ts"
import { enqueue } from "../lib/enqueue.ts"
import { PermanentError, RetryLater } from "../lib/errors.ts"
import { defineJob, type JobDefinition } from "../lib/jobs/define.ts"
import { forgetLogForm, sink } from "../lib/log.ts"
import { pii } from "../lib/pii.ts"
import { queueOf } from "../lib/queues.ts"
import { findRun } from "../lib/runs.ts"
import { endReporting, startReporting } from "../lib/sentry/report.ts"
import { type SentryStandIn, startSentry } from "../sandbox/sentry.ts"
import { until } from "../sandbox/until.ts"
import type { AnyProcessor } from "./execute.ts"
import { createLedger, type Ledger } from "./ledger/ledger.ts"
import { sweep } from "./ledger/sweep.ts"
import { reporter } from "./report.ts"
import type { Run } from "./run.ts"
import { startWorkers, type Workers } from "./workers.ts"

const NAME = "Ana Beatriz Souza"
const PHONE = 11_987_654_321
const PLANTED = /Ana Beatriz|11987654321/i

const job = defineJob({
  name: "greeting",
  summary: "Greet somebody",
  payload: z.object({ id: z.int(), who: pii(z.string()), phone: pii(z.int()), text: z.string() }),
  result: z.object({ greeted: z.int() }),
  example: { id: 1, who: "Ana", phone: PHONE, text: "Hello" },
  concurrency: 2,
  backoff: { type: "fixed", delay: 10 },
})
type Payload = z.output<typeof job.payload>
const payload = { id: 7, who: NAME, phone: PHONE, text: `Hello ${NAME}` }

let sentry: SentryStandIn
let workers: Workers
let ledger: Ledger
let lines: string[]
const { write } = sink
const environment = { NODE_ENV: process.env.NODE_ENV, LOG_LEVEL: process.env.LOG_LEVEL }

beforeEach(async () => {
  sentry = startSentry()
  process.env.SENTRY_DSN = sentry.dsn
  await startReporting()
  lines = []
  sink.write = (line) => void lines.push(line)
  await pool()`truncate runs, run_events, ledger_watermarks`
})

afterEach(async () => {
  await workers.stop(5)
  await ledger.close(1_000)
  workers.disconnect()
  sink.write = write
  Object.assign(process.env, environment)
  forgetLogForm()
  delete process.env.SENTRY_DSN
  await endReporting()
  await sentry.stop()
  await queueOf(job).obliterate({ force: true })
})

function work(processor: (payload: Payload, run: Run) => Promise<unknown>, form = "production") {
  Object.assign(process.env, { NODE_ENV: form, LOG_LEVEL: "debug" })
  forgetLogForm()
  ledger = createLedger()
  const one = { job: job as JobDefinition, processor: processor as AnyProcessor }
  workers = startWorkers([one], { observers: [ledger.observer, reporter] })
}

const ask = async (label?: string) =>
  (await enqueue(job, payload, { attempts: 2 }, label ? { name: label } : {})).id

const recorded = (id: string) => findRecordedRun(job.name, id)
/** With what happened in its last try, which is written after the run itself. */
const isRecorded = (id: string) =>
  until(async () => {
    const found = await pool()`
      select from runs where id = ${id} and attempts = (select max(attempt) from run_events where run_id = ${id})
    `
    return found.length === 1
  }, 10_000)

async function everythingTold(id: string) {
  await endReporting()
  const events = await pool()`select run_events::text as line from run_events`
  const { logs } = await queueOf(job).getJobLogs(id)
  return {
    log: lines.join("\n"),
    events: JSON.stringify(events),
    own: logs.join("\n"),
    sentry: sentry.text(),
  }
}

describe("a name in the payload", () => {
  test.each(["production", "development"])(
    "is told nowhere in %s, whatever the processor says of it",
    async (form) => {
      work(async ({ who, phone, text }, run) => {
        run.log(`greeting ${who}`, { who, phone, deep: [{ text, [who]: phone }], error: new Error(who) })
        run.progress({ percentage: 50, stage: `greeting ${who}`, message: `by ${phone}: ${text}` })
        const cause = new TypeError(`nobody is called ${who.toUpperCase()}`, { cause: { who } })
        throw new Error(`could not greet ${who} at /people/${encodeURIComponent(who)}?tel=${phone}`, {
          cause,
        })
      }, form)
      const id = await ask(`greet ${NAME}`)
      expect(await isRecorded(id)).toBe(true)
      expect(await until(() => sentry.events().length === 2, 5_000)).toBe(true)
      const { log, events, own, sentry: reports } = await everythingTold(id)

      const struck = "could not greet [redacted] at /people/[redacted]?tel=[redacted]"
      for (const told of [log, events, reports]) expect(told).toContain(struck)
      for (const told of [log, own, events]) expect(told).toContain("greeting [redacted]")
      expect(reports).toContain("nobody is called [redacted]")
      expect(events).toContain("by [redacted]: Hello [redacted]")
      for (const told of [log, own, events, reports]) expect(told).not.toMatch(PLANTED)
      expect(await recorded(id)).toMatchObject({
        name: "greet [redacted]",
        status: "failed",
        failedReason: struck,
        data: { id: 7, who: "[redacted]", phone: "[redacted]" },
      })
      expect(log).toContain("worker/tell.test.ts")
      expect(sentry.events()[1].contexts.run).toMatchObject({
        name: "greet [redacted]",
        payload: { id: 7, who: "[redacted]", text: "Hello [redacted]" },
      })
    },
  )

  test("is there for the operators, where BullMQ keeps the reason", async () => {
    work(async ({ who }) => {
      throw new PermanentError(`could not greet ${who}`)
    })
    const id = await ask()
    expect(await isRecorded(id)).toBe(true)
    expect(await findRun(job, id)).toMatchObject({ failedReason: `could not greet ${NAME}` })
  })

  test("is not told of a run that is put off", async () => {
    let tries = 0
    work(async ({ who, id }) => {
      tries += 1
      if (tries === 1) throw new RetryLater(10, `${who} is asleep`)
      return { greeted: id }
    })
    const id = await ask()
    expect(await isRecorded(id)).toBe(true)
    const { log, events } = await everythingTold(id)
    for (const told of [log, events]) {
      expect(told).toContain("[redacted] is asleep")
      expect(told).not.toMatch(PLANTED)
    }
  })

  test("is struck when a sweep reads in Redis why a run failed", async () => {
    work(async ({ who }) => {
      throw new PermanentError(`could not greet ${who}`)
    })
    const id = await ask(`greet ${NAME}`)
    expect(await isRecorded(id)).toBe(true)
    await pool()`truncate runs, run_events`
    await sweep(job, workers.connection, pool(), Date.now() + 60_000)
    expect(await recorded(id)).toMatchObject({
      name: "greet [redacted]",
      failedReason: "could not greet [redacted]",
    })
  })
})

test("a payload is not looked into for a run that completes without a word", async () => {
  let looks = 0
  const look = () => {
    looks += 1
    return true
  }
  // Which of the two it is, only a look at the value tells.
  const who = z.union([z.int(), pii(z.string().refine(look))])
  const looked: JobDefinition = { ...job, payload: z.object({ who }), example: { who: 1 } }
  const greet = async (_: never, run: Run) => {
    if (run.attempt > 1) return { greeted: 7 }
    throw new Error("not yet")
  }
  ledger = createLedger()
  workers = startWorkers([{ job: looked, processor: greet }])
  const { id } = await enqueue(looked, { who: NAME })
  const asked = looks
  expect(await until(async () => (await findRun(looked, id))?.status === "completed", 5_000)).toBe(true)
  const [parsedTwice, toldOnce] = [2, 1]
  expect(looks).toBe(asked + parsedTwice + toldOnce)
})
