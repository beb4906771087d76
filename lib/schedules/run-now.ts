import { type Enqueued, enqueue, type Outbox } from "../enqueue.ts"
import type { JobDefinition } from "../jobs/define.ts"
import { schedulesOf } from "./declared.ts"
import { UnknownSchedule } from "./unknown.ts"

interface Options {
  /** The schedules there are, as PostgreSQL has them: a newer process may have removed one that this declares. */
  there: readonly { name: string; job: string }[]
  outbox?: Outbox
  jobs?: readonly JobDefinition[]
}

/** Ask for a run of a schedule as if now were a slot of it. Throws as `enqueue` does, and UnknownSchedule. */
export async function runScheduleNow(name: string, { there, outbox, jobs }: Options): Promise<Enqueued> {
  const schedules = schedulesOf(jobs).filter((schedule) =>
    there.some(({ name, job }) => name === schedule.name && job === schedule.job.name),
  )
  const schedule = schedules.find((schedule) => schedule.name === name)
  if (!schedule)
    throw new UnknownSchedule(
      name,
      schedules.map(({ name }) => name),
    )
  return await enqueue(schedule.job, schedule.payload(new Date()), {}, { name, ...(outbox && { outbox }) })
}
