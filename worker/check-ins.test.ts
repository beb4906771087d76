import { afterEach, beforeEach, expect, test } from "bun:test"
import type { Job as QueuedJob } from "bullmq"
import { email } from "../lib/jobs/email.ts"
import { slotRunId } from "../lib/schedules/run-id.ts"
import { endReporting, startReporting } from "../lib/sentry/report.ts"
import { type SentryStandIn, startSentry } from "../sandbox/sentry.ts"
import { createCheckIns } from "./check-ins.ts"
import type { Outcome, Try } from "./observer.ts"

let sentry: SentryStandIn

beforeEach(async () => {
  sentry = startSentry()
  process.env.SENTRY_DSN = sentry.dsn
  await startReporting()
})

afterEach(async () => {
  delete process.env.SENTRY_DSN
  await endReporting()
  await sentry.stop()
})

const tryOf = (id: string): Try => ({
  job: { ...email, timeout: 600_000, attempts: 2 },
  queued: { id } as QueuedJob,
  payload: undefined,
  attempt: 1,
  startedAt: 0,
  lines: [],
  stages: [],
})
const endedTry = (id: string, outcome: Outcome) => ({ ...tryOf(id), outcome, endedAt: 1 })
const told = async () => {
  await endReporting()
  return sentry.checkIns()
}

test("says when the schedule is due and how long its run may take, its tries together", async () => {
  const rules = new Map([["reminders", { cron: "0 9 * * *", zone: "America/Sao_Paulo" }]])
  const checkIns = createCheckIns((schedule) => rules.get(schedule))
  checkIns.started?.(tryOf(slotRunId("reminders", new Date())))
  expect(await told()).toMatchObject([
    {
      monitor_slug: "reminders",
      status: "in_progress",
      monitor_config: {
        schedule: { type: "crontab", value: "0 9 * * *" },
        timezone: "America/Sao_Paulo",
        checkin_margin: 15,
        max_runtime: 35,
      },
    },
  ])
})

test("ends with the run, and with nothing before", async () => {
  const id = slotRunId("reminders", new Date())
  const checkIns = createCheckIns(() => undefined)
  for (const outcome of [
    "retrying",
    "postponed",
    "handed-back",
    "completed",
    "failed",
    "timed-out",
    "cancelled",
  ] as const)
    checkIns.ended?.(endedTry(id, outcome))
  const said = await told()
  expect(said.map(({ status }) => status)).toEqual(["ok", "error", "error", "error"])
  expect(new Set(said.map(({ check_in_id }) => check_in_id)).size).toBe(1)
})

test("has nothing to say of runs that no schedule asked for", async () => {
  const checkIns = createCheckIns(() => undefined)
  checkIns.started?.(tryOf(crypto.randomUUID()))
  checkIns.ended?.(endedTry(crypto.randomUUID(), "completed"))
  expect(await told()).toEqual([])
})
