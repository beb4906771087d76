import type { z } from "zod"
import { listSchedules, type ScheduleRow } from "../../db/schedules.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobs as allJobs } from "../../lib/jobs/index.ts"
import { missedSlots } from "../../lib/schedules/missed.ts"
import { slotOf } from "../../lib/schedules/run-id.ts"
import { fromPostgres } from "../postgres.ts"
import { lookUpRun } from "../runs.ts"
import type { toldSchedule } from "./told.ts"

type Told = z.output<typeof toldSchedule>

export const AWAY = "PostgreSQL, which knows the schedules, does not answer: try again in a moment"

/** The schedules of these jobs, by name, with what came of the latest run that each asked for. */
export async function tellSchedules(jobs: readonly JobDefinition[]): Promise<Told[]> {
  const schedules = ofJobs(await fromPostgres(listSchedules(), AWAY), jobs)
  return await Promise.all(schedules.map(async (schedule) => tell(schedule, await lastResultOf(schedule))))
}

/** Those schedules that are of these jobs; of all jobs also one that a newer process has declared for a job of its own. */
export const ofJobs = <Schedule extends { job: string }>(
  schedules: readonly Schedule[],
  jobs: readonly JobDefinition[],
): readonly Schedule[] =>
  jobs.length === allJobs.length
    ? schedules
    : schedules.filter((schedule) => jobs.some(({ name }) => name === schedule.job))

function tell(schedule: ScheduleRow & { nextSlot: Date | null }, lastResult: Told["lastResult"]): Told {
  const { name, job, cron, zone, pausedAt, pausedBy, pauseReason, lastRunId, nextSlot, slottedUntil } =
    schedule
  return {
    name,
    running: pausedAt === null,
    queue: job,
    cron,
    zone,
    nextRun: (pausedAt ? null : nextSlot)?.toISOString() ?? null,
    lastRun: (lastRunId === null ? undefined : slotOf(lastRunId))?.toISOString() ?? null,
    lastRunId,
    lastResult,
    missed: missedSlots(schedule, slottedUntil),
    pausedAt: pausedAt?.toISOString() ?? null,
    pausedBy,
    pauseReason,
  }
}

async function lastResultOf({ job: name, lastRunId }: ScheduleRow): Promise<Told["lastResult"]> {
  // A newer process may have declared a job that this one does not know.
  const job = allJobs.find((job) => job.name === name)
  return (job && lastRunId && (await lookUpRun(job, lastRunId))?.status) || null
}
