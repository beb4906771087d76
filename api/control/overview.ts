import type { z } from "zod"
import { countRuns, type QueueCounts } from "../../lib/control/counts.ts"
import { firstIds, readRuns } from "../../lib/control/read-runs.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { onRedis } from "../../lib/queues.ts"
import { redisFacts } from "../../lib/redis/facts.ts"
import { tellForOperators } from "./tell.ts"
import type { toldQueue, toldQueueDetails, toldStats } from "./told.ts"

/** Runs of each state that are shown of a queue. */
const SHOWN = 10

/** The queues of these jobs with how many runs each holds, in their order. */
export const listQueues = (jobs: readonly JobDefinition[]): Promise<z.output<typeof toldQueue>[]> =>
  Promise.all(jobs.map(async (job) => ({ name: job.name, ...(await countRuns(job)) })))

/** The queues of these jobs together; that of the schedules' alarms is none of them. */
export async function totals(jobs: readonly JobDefinition[]): Promise<z.output<typeof toldStats>> {
  const [queues, { connected, mode, version }] = await Promise.all([listQueues(jobs), onRedis(redisFacts)])
  const sum = (state: Exclude<keyof QueueCounts, "paused">) =>
    queues.reduce((total, queue) => total + queue[state], 0)
  return {
    totalQueues: queues.length,
    totalWaiting: sum("waiting"),
    totalActive: sum("active"),
    totalCompleted: sum("completed"),
    totalFailed: sum("failed"),
    totalDelayed: sum("delayed"),
    redisStatus: { connected, mode, version },
  }
}

/** A queue with the first ten runs of each state. */
export async function detailsOf(job: JobDefinition): Promise<z.output<typeof toldQueueDetails>> {
  const [counts, waiting, active, failed] = await Promise.all([
    countRuns(job),
    firstRuns(job, "waiting"),
    firstRuns(job, "active"),
    firstRuns(job, "failed"),
  ])
  return { name: job.name, counts, jobs: { waiting, active, failed } }
}

async function firstRuns(job: JobDefinition, state: "waiting" | "active" | "failed") {
  const runs = await readRuns(job, state, await firstIds(job, state, SHOWN))
  return runs.map((run) => tellForOperators(job, run))
}
