import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { email } from "../../lib/jobs/email.ts"
import { like } from "../../lib/like.ts"
import { slotRunId } from "../../lib/schedules/run-id.ts"
import { named } from "../control/tell.ts"
import {
  toldCost,
  toldEntry,
  toldFailure,
  toldHealth,
  toldPerformance,
  toldQueue,
  toldQueueDetails,
  toldRedis,
  toldRunDetails,
  toldSchedule,
  toldStats,
} from "../control/told.ts"
import { failedQuery, logQuery, runQuery } from "../requests/control.ts"
import { errors, orProblem } from "./errors.ts"
import { json } from "./json.ts"
import { inPath, inQuery } from "./parts.ts"
import { activeRun, completedRun, FAILED_FOR, operatorsRuns } from "./run.ts"

const tags = ["operators"]

const queueName = inPath("queueName")

const answer = (description: string, schema: z.ZodType | (() => z.ZodType)) => ({
  200: { description, content: json(schema, "output") },
})

const INVALID = "Invalid queue name"
const NO_QUEUE = { 400: [INVALID, INVALID] } as const
const NO_REDIS = { 503: "Redis does not answer" }

const redis = { connected: true, mode: "standalone", version: "7.2.4" } as const
const counts = { waiting: 4, active: 1, completed: 1_000, failed: 1, delayed: 2, paused: false }

const entry = () => {
  const { jobId, name, status, createdAt: timestamp, data } = activeRun(email)
  return like(toldEntry, { jobId, name, status, timestamp, data })
}

const failure = () => {
  const job = operatorsRuns.failed()
  const error = like(z.string(), FAILED_FOR)
  return toldFailure.extend({ queue: like(z.string(), email.name), job, error })
}

const details = () => {
  const run = { ...named(completedRun(email)), priority: 5, attempts: email.attempts, stacktrace: [] }
  const logs = ["2026-02-10T12:00:00.430Z Sent to 1 address"]
  return like(toldRunDetails, { ...run, logs, askedBy: "key:3 (shop)", source: "redis" as const })
}

const healthy = {
  healthy: true,
  queues: [{ name: "email", status: "warning", issues: ["The queue is paused; runs that wait: 4"] }],
  redis: { status: "healthy", latency: 0.4, issues: [] },
  schedules: { status: "healthy", issues: [] },
} satisfies z.output<typeof toldHealth>

const AWAY = "Redis does not answer"

const unhealthy: z.output<typeof toldHealth> = {
  ...healthy,
  healthy: false,
  queues: [{ name: "email", status: "critical", issues: [AWAY] }],
  redis: { status: "unhealthy", latency: null, issues: [AWAY] },
}

const noRedis: z.output<typeof toldRedis> = {
  health: { status: "unhealthy", latency: null },
  info: { connected: false, mode: "standalone" },
}

const schedule: z.output<typeof toldSchedule> = {
  ...{
    name: "price-sync",
    running: true,
    queue: "price-sync",
    cron: "47 3 * * *",
    zone: "America/Sao_Paulo",
  },
  ...{ nextRun: "2026-02-11T06:47:00.000Z", lastRun: "2026-02-10T06:47:00.000Z" },
  ...{
    lastRunId: slotRunId("price-sync", new Date("2026-02-10T06:47:00Z")),
    lastResult: "completed",
    missed: 0,
  },
  ...{ pausedAt: null, pausedBy: null, pauseReason: null },
}

const cost: z.output<typeof toldCost> = {
  ...{ commandsPerHour: 21_400, monthlyCents: 3_124 },
  withoutScripts: { commandsPerHour: 5_150, monthlyCents: 752 },
  measuredSeconds: 3_600,
  rate: { centsPer100k: 20, source: "https://upstash.com/docs/redis/overall/billing" },
}

/** The reference's page on all queues together. */
export const documentStats = (): DocumentDecoration => ({
  tags,
  summary: "How many runs all queues hold together",
  operationId: "stats",
  responses: {
    ...answer(
      "The sums",
      like(toldStats, {
        ...{ totalQueues: 10, totalWaiting: 4, totalActive: 1, totalCompleted: 3_412 },
        ...{ totalFailed: 1, totalDelayed: 2, redisStatus: redis },
      }),
    ),
    ...errors(NO_REDIS),
  },
})

/** The reference's page on the list of queues. */
export const documentQueues = (): DocumentDecoration => ({
  tags,
  summary: "Every queue with how many runs it holds",
  operationId: "queues",
  responses: {
    ...answer("The queues", z.array(like(toldQueue, { name: "email", ...counts }))),
    ...errors(NO_REDIS),
  },
})

/** The reference's page on a queue. */
export const documentQueue = (): DocumentDecoration => ({
  tags,
  summary: "A queue, with the first ten of its runs in each state",
  operationId: "queue",
  parameters: [queueName],
  responses: {
    ...answer("The queue; personal data is redacted", () => {
      const { waiting, active, failed } = operatorsRuns
      const jobs = { waiting: z.array(waiting()), active: z.array(active()), failed: z.array(failed()) }
      const { shape } = toldQueueDetails
      return toldQueueDetails.extend({
        name: like(shape.name, "email"),
        counts: like(shape.counts, counts),
        jobs: shape.jobs.extend(jobs),
      })
    }),
    ...errors({ ...NO_QUEUE, ...NO_REDIS }),
  },
})

/** The reference's page on how a queue does. */
export const documentPerformance = (): DocumentDecoration => ({
  tags,
  summary: "How fast a queue's runs are, and how many of them complete",
  operationId: "queue-performance",
  parameters: [queueName],
  responses: {
    ...answer(
      "Its figures",
      like(toldPerformance, { avgProcessingTime: 418, successRate: 99, throughput: 2.4, recentJobs: 144 }),
    ),
    ...errors({ ...NO_QUEUE, ...NO_REDIS }),
  },
})

const NEXT = "; while there are more, the `Link` header leads to the next page"

/** The reference's page on what happened on a queue. */
export const documentLog = (): DocumentDecoration => ({
  tags,
  summary: "What happened on a queue: the runs under way, and those that ended, the latest first",
  operationId: "queue-logs",
  parameters: [queueName, ...inQuery(logQuery)],
  responses: {
    ...answer(`A page of it${NEXT}`, () => z.array(entry())),
    ...errors({ 400: ["Invalid queue name, or no such page", INVALID], ...NO_REDIS }),
  },
})

/** The reference's page on runs that have failed. */
export const documentFailed = (): DocumentDecoration => ({
  tags,
  summary: "The runs of all queues that have failed, or were cancelled, the latest first",
  operationId: "failed",
  parameters: inQuery(failedQuery),
  responses: {
    ...answer(`A page of them${NEXT}`, () => z.array(failure())),
    ...errors({ 400: "No such page", ...NO_REDIS }),
  },
})

/** The reference's page on a run. */
export const documentRun = (): DocumentDecoration => ({
  tags,
  summary: "All that is known of a run",
  operationId: "run",
  parameters: [queueName, inPath("jobId"), ...inQuery(runQuery)],
  responses: {
    ...answer("The run; once Redis holds it no longer, from the ledger", details),
    ...errors({
      ...NO_QUEUE,
      404: ["Job not found", "Job not found"],
      503: "Redis or PostgreSQL does not answer",
    }),
  },
})

/** The reference's page on whether all is well. */
export const documentHealth = (): DocumentDecoration => ({
  tags,
  summary: "Whether all is well with the queues, Redis and the schedules",
  operationId: "queues-health",
  responses: {
    ...answer("What is wrong, a sentence each", like(toldHealth, healthy)),
    503: {
      description: "Redis does not answer",
      content: json(orProblem(like(toldHealth, unhealthy)), "output"),
    },
  },
})

/** The reference's page on schedules. */
export const documentScheduled = (): DocumentDecoration => ({
  tags,
  summary: "Every schedule: its next slot, what came of the last, and what it has missed",
  operationId: "scheduled",
  responses: {
    ...answer("The schedules, by name", z.array(like(toldSchedule, schedule))),
    ...errors({ 503: "PostgreSQL or Redis does not answer" }),
  },
})

/** The reference's page on Redis. */
export const documentRedis = (): DocumentDecoration => ({
  tags,
  summary: "How Redis is, and what it tells of itself",
  operationId: "redis",
  responses: {
    ...answer(
      "Redis",
      like(toldRedis, {
        health: { status: "healthy", latency: 0.4 },
        info: { ...redis, usedMemory: "12.30M", connectedClients: 9, uptime: 86_400 },
      }),
    ),
    503: {
      description: "Redis does not answer",
      content: json(orProblem(like(toldRedis, noRedis)), "output"),
    },
  },
})

/** The reference's page on what Redis costs. */
export const documentCost = (): DocumentDecoration => ({
  tags,
  summary: "Commands that Redis does an hour, measured, and what they cost a month where commands are billed",
  operationId: "cost",
  responses: {
    ...answer(
      "The cost; with what scripts do inside Redis, which is the most that is billed",
      like(toldCost, cost),
    ),
    ...errors({ 503: "Redis does not answer, or does not tell what it does" }),
  },
})
