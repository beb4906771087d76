import type { DocumentDecoration } from "elysia"
import { z } from "zod"
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
import { errors, inPath, inQuery, json } from "./parts.ts"

const tags = ["operators"]

const queueName = inPath("queueName")

const answer = (description: string, schema: z.ZodType) => ({
  200: { description, content: json(schema, "output") },
})

const NO_QUEUE = { 400: "Invalid queue name" }
const NO_REDIS = { 503: "Redis does not answer" }

/** The reference's page on all queues together. */
export const documentStats = (): DocumentDecoration => ({
  tags,
  summary: "How many runs all queues hold together",
  operationId: "stats",
  responses: { ...answer("The sums", toldStats), ...errors(NO_REDIS) },
})

/** The reference's page on the list of queues. */
export const documentQueues = (): DocumentDecoration => ({
  tags,
  summary: "Every queue with how many runs it holds",
  operationId: "queues",
  responses: { ...answer("The queues", z.array(toldQueue)), ...errors(NO_REDIS) },
})

/** The reference's page on a queue. */
export const documentQueue = (): DocumentDecoration => ({
  tags,
  summary: "A queue, with the first ten of its runs in each state",
  operationId: "queue",
  parameters: [queueName],
  responses: {
    ...answer("The queue; personal data is redacted", toldQueueDetails),
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
    ...answer("Its figures", toldPerformance),
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
    ...answer(`A page of it${NEXT}`, z.array(toldEntry)),
    ...errors({ 400: "Invalid queue name, or no such page", ...NO_REDIS }),
  },
})

/** The reference's page on runs that have failed. */
export const documentFailed = (): DocumentDecoration => ({
  tags,
  summary: "The runs of all queues that have failed, or were cancelled, the latest first",
  operationId: "failed",
  parameters: inQuery(failedQuery),
  responses: {
    ...answer(`A page of them${NEXT}`, z.array(toldFailure)),
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
    ...answer("The run; once Redis holds it no longer, from the ledger", toldRunDetails),
    ...errors({
      ...NO_QUEUE,
      404: "Job not found",
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
    ...answer("What is wrong, a sentence each", toldHealth),
    503: { description: "Redis does not answer", content: json(toldHealth, "output") },
  },
})

/** The reference's page on schedules. */
export const documentScheduled = (): DocumentDecoration => ({
  tags,
  summary: "Every schedule: its next slot, what came of the last, and what it has missed",
  operationId: "scheduled",
  responses: {
    ...answer("The schedules, by name", z.array(toldSchedule)),
    ...errors({ 503: "PostgreSQL or Redis does not answer" }),
  },
})

/** The reference's page on Redis. */
export const documentRedis = (): DocumentDecoration => ({
  tags,
  summary: "How Redis is, and what it tells of itself",
  operationId: "redis",
  responses: {
    ...answer("Redis", toldRedis),
    503: { description: "Redis does not answer", content: json(toldRedis, "output") },
  },
})

/** The reference's page on what Redis costs. */
export const documentCost = (): DocumentDecoration => ({
  tags,
  summary: "Commands that Redis does an hour, measured, and what they cost a month where commands are billed",
  operationId: "cost",
  responses: {
    ...answer("The cost; with what scripts do inside Redis, which is the most that is billed", toldCost),
    ...errors({ 503: "Redis does not answer, or does not tell what it does" }),
  },
})
