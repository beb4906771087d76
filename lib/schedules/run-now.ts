import { type Enqueued, enqueue, type Outbox } from "../enqueue.ts"
import type { JobDefinition } from "../jobs/define.ts"
import { schedulesOf } from "./declared.ts"
import { UnknownSchedule } from "./unknown.ts"

/** Ask for a run of a schedule as if now were a slot of it. Throws as `enqueue` does, and UnknownSchedule. */
export async function runScheduleNow(
  name: string,
  { outbox, jobs }: { outbox?: Outbox; jobs?: readonly JobDefinition[] } = {},
): Promise<Enqueued> {
  const schedules = schedulesOf(jobs)
  const schedule = schedules.find((schedule) => schedule.name === name)
  if (!schedule)
    throw new UnknownSchedule(
      name,
      schedules.map(({ name }) => name),
    )
  return await enqueue(schedule.job, schedule.payload(new Date()), {}, { name, ...(outbox && { outbox }) })
}
