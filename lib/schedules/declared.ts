import type { JobDefinition, ScheduleDefinition } from "../jobs/define.ts"
import { jobs } from "../jobs/index.ts"

/** A schedule with what it leaves unsaid, and the job it asks for runs of. */
export interface DeclaredSchedule extends Required<ScheduleDefinition> {
  job: JobDefinition
}

/** Every schedule of these jobs. */
export const schedulesOf = (from: readonly JobDefinition[] = jobs): DeclaredSchedule[] =>
  from.flatMap((job) =>
    (job.schedules ?? []).map((schedule) => ({
      zone: "America/Sao_Paulo",
      overlap: "skip" as const,
      missed: "latest" as const,
      ...schedule,
      job,
    })),
  )
