import type { z } from "zod"
import { listSchedules } from "../../db/schedules.ts"
import { countRuns } from "../../lib/control/counts.ts"
import { type HealthStatus, judgeQueue } from "../../lib/control/queue-health.ts"
import { RedisUnavailable } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { livingWorkers } from "../../lib/living-workers.ts"
import { onRedis } from "../../lib/queues.ts"
import { redisWarnings } from "../../lib/redis/warnings.ts"
import { missedSlots } from "../../lib/schedules/missed.ts"
import { HttpError } from "../errors.ts"
import { fromPostgres } from "../postgres.ts"
import { pingTime } from "./redis.ts"
import { ofJobs } from "./schedules.ts"
import type { toldHealth } from "./told.ts"

type Health = z.output<typeof toldHealth>

/** Whether all is well with these jobs' queues and schedules, and with Redis. It answers whatever is away. */
export async function checkHealth(jobs: readonly JobDefinition[]): Promise<Health> {
  const [redis, queues, schedules] = await Promise.all([
    judgeRedis(),
    judgeQueues(jobs),
    judgeSchedules(jobs),
  ])
  const healthy =
    redis.status !== "unhealthy" && [schedules, ...queues].every(({ status }) => status !== "critical")
  return { healthy, queues, redis, schedules }
}

async function judgeQueues(jobs: readonly JobDefinition[]): Promise<Health["queues"]> {
  try {
    const [workers, ...counted] = await Promise.all([onRedis(livingWorkers), ...jobs.map(countRuns)])
    return jobs.map(({ name }, index) => judgeQueue({ name, counts: counted[index]! }, workers))
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error
    return jobs.map(({ name }) => ({ name, status: "critical", issues: ["Redis does not answer"] }))
  }
}

async function judgeRedis(): Promise<Health["redis"]> {
  const latency = await pingTime()
  if (latency === null) return { status: "unhealthy", latency, issues: ["Redis does not answer"] }
  const issues = await onRedis(redisWarnings).catch(() => ["Redis does not tell how it is set up"])
  return { status: issues.length ? "warning" : "healthy", latency, issues }
}

/** A schedule is late when a slot of it has come and gone and nothing has dealt with it. */
async function judgeSchedules(jobs: readonly JobDefinition[]): Promise<Health["schedules"]> {
  try {
    const schedules = await fromPostgres(
      listSchedules(),
      "PostgreSQL, which knows the schedules, does not answer",
    )
    const issues = ofJobs(schedules, jobs).flatMap((schedule) => {
      const missed = missedSlots(schedule, schedule.slottedUntil)
      return missed ? [`${schedule.name} has missed slots: ${missed}; no worker deals with schedules`] : []
    })
    return { status: statusOf(issues), issues }
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    return { status: "critical", issues: [error.message] }
  }
}

const statusOf = (issues: string[]): HealthStatus => (issues.length ? "critical" : "healthy")
