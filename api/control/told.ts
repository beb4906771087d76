import { z } from "zod"
import { runStatus } from "../../lib/runs.ts"

const number = z.int().nonnegative()
const moment = z.iso.datetime()

const redisBrief = z.object({
  connected: z.boolean(),
  mode: z.enum(["standalone", "cluster", "sentinel"]),
  version: z.string(),
})

/** All queues together. */
export const toldStats = z.object({
  totalQueues: number,
  totalWaiting: number,
  totalActive: number,
  totalCompleted: number.describe("those that Redis still holds"),
  totalFailed: number,
  totalDelayed: number,
  redisStatus: redisBrief,
})

const counts = z.object({
  waiting: number,
  active: number,
  completed: number,
  failed: number,
  delayed: number,
  paused: z.boolean(),
})

/** A queue in the list of all. */
export const toldQueue = z.object({ name: z.string(), ...counts.shape })

/** A run as operators see it. */
export const toldRun = z.object({
  id: z.string().describe("its `jobId`"),
  ...runStatus.shape,
  timestamp: z.int().describe("when it was asked for"),
  priority: z.int().describe("1 (first) to 10 (last)"),
  attempts: z.int().describe("times it is tried before it has failed"),
  stacktrace: z.array(z.string()).describe("of each try that failed, the latest last"),
})

/** A queue with the first runs of it. */
export const toldQueueDetails = z.object({
  name: z.string(),
  counts,
  jobs: z.object({
    waiting: z.array(toldRun).describe("the ten to be taken next"),
    active: z.array(toldRun),
    failed: z.array(toldRun).describe("the ten that failed last"),
  }),
})

/** One run. */
export const toldRunDetails = z.object({
  ...toldRun.partial({ priority: true, attempts: true, stacktrace: true }).shape,
  logs: z.array(z.string()).optional().describe("the lines of its log that Redis holds, oldest first"),
  askedBy: z.string().nullable().describe("who asked the API for it; null of schedules and applications"),
  source: z.enum(["redis", "ledger"]).describe("who told; the ledger knows what has ended"),
})

/** How a queue does. */
export const toldPerformance = z.object({
  avgProcessingTime: z.number().describe("milliseconds, of the latest 100 runs that completed"),
  successRate: z.number().describe("percent, of the latest runs that ended: at most 100 of either end"),
  throughput: z.number().describe("runs that ended, a minute, in the last hour"),
  recentJobs: number.describe("runs that ended in the last hour and are still in Redis"),
})

/** Something that happened on a queue. */
export const toldEntry = z.object({
  jobId: z.string(),
  name: z.string(),
  status: runStatus.shape.status,
  timestamp: z.int().describe("when it ended, or began"),
  data: z.unknown(),
  error: z.string().optional(),
})

/** A run that has failed. */
export const toldFailure = z.object({ queue: z.string(), job: toldRun, error: z.string() })

const state = z.enum(["healthy", "warning", "critical"])

/** Whether all is well. */
export const toldHealth = z.object({
  healthy: z.boolean(),
  queues: z.array(z.object({ name: z.string(), status: state, issues: z.array(z.string()) })),
  redis: z.object({
    status: z.enum(["healthy", "warning", "unhealthy"]),
    latency: z.number().nullable().describe("milliseconds"),
    issues: z.array(z.string()),
  }),
  schedules: z.object({ status: state, issues: z.array(z.string()) }),
})

/** A schedule. */
export const toldSchedule = z.object({
  name: z.string(),
  running: z.boolean().describe("whether it asks for runs; not while it is paused"),
  queue: z.string(),
  cron: z.string(),
  zone: z.string(),
  nextRun: moment.nullable().describe("its next slot; none while it is paused"),
  lastRun: moment.nullable().describe("the slot that it last asked for a run at"),
  lastRunId: z.string().nullable(),
  lastResult: runStatus.shape.status.nullable().describe("what became of that run"),
  missed: number.describe("slots that should have been dealt with and have not been"),
  pausedAt: moment.nullable(),
  pausedBy: z.string().nullable(),
  pauseReason: z.string().nullable(),
})

/** Redis, as it tells of itself. */
export const toldRedis = z.object({
  health: z.object({ status: z.enum(["healthy", "unhealthy"]), latency: z.number().nullable() }),
  info: redisBrief
    .extend({ usedMemory: z.string(), connectedClients: number, uptime: number.describe("seconds") })
    .partial({ version: true, usedMemory: true, connectedClients: true, uptime: true }),
})

const price = z.object({
  commandsPerHour: z.number(),
  monthlyCents: z.number().describe("cents of a US dollar"),
})

/** What Redis costs where commands are billed. */
export const toldCost = z.object({
  ...price.shape,
  withoutScripts: price.describe("the same, were what scripts do inside Redis not billed"),
  measuredSeconds: z
    .number()
    .describe(
      "what it was measured over: the last hour, or all since the start of Redis while less is known of that",
    ),
  rate: z.object({ centsPer100k: z.number(), source: z.url() }),
})

/** What an action answers. */
export const toldSuccess = z.object({
  success: z.literal(true),
  message: z.string(),
  count: number.optional(),
})

/** What retrying all answers. */
export const toldRetryAll = toldSuccess.extend({
  count: number.describe(
    "runs that have failed; of more than a thousand, with those that were cancelled and stay",
  ),
  operation: z.int().optional().describe("the id of the operation that does it"),
  statusUrl: z.string().optional().describe("where to see how far that is"),
})
