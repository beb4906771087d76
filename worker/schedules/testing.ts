import { z } from "zod"
import { pool } from "../../db/pool.ts"
import { defineJob, type ScheduleDefinition } from "../../lib/jobs/define.ts"
import { queueOf } from "../../lib/queues.ts"
import { schedulesOf } from "../../lib/schedules/declared.ts"
import { alarm } from "../../lib/schedules/queue.ts"

/** A job whose runs know their slot, with these schedules; hourly and in UTC unless said otherwise. */
export const sweepWith = (...schedules: (Partial<ScheduleDefinition> & { name: string })[]) =>
  defineJob({
    name: "sweep",
    summary: "Sweep",
    payload: z.object({ slot: z.iso.datetime() }),
    result: z.null(),
    example: { slot: "2026-11-23T06:00:00Z" },
    concurrency: 1,
    schedules: schedules.map((schedule) => ({
      cron: "0 * * * *",
      zone: "UTC",
      payload: (slot: Date) => ({ slot: slot.toISOString() }),
      ...schedule,
    })) as ScheduleDefinition<{ slot: string }>[],
  })

export const declared = (...schedules: Parameters<typeof sweepWith>) => schedulesOf([sweepWith(...schedules)])

/** A time of the day that the tests are set on. */
export const at = (time: string) => new Date(`2026-11-20T${time}:00Z`)

const sweep = sweepWith()
export const sweeps = () => queueOf(sweep)
export const alarms = () => queueOf(alarm)

/** Ids of the runs asked for, in the order of their slots. */
export async function asked() {
  const runs = await sweeps().getJobs(["waiting", "prioritized", "delayed", "active", "completed", "failed"])
  return runs.map(({ id }) => id!).sort()
}

export const alarmsByName = async () =>
  (await alarms().getJobSchedulers()).sort((one, other) => (one.key < other.key ? -1 : 1))

export const alarmNames = async () => (await alarmsByName()).map(({ key }) => key)

/** When the only alarm, or the first to ring, is set for: milliseconds since 1970. */
export const nextRing = async () => (await alarms().getJobSchedulers(0, 0, true))[0]!.next!

/** No schedules, no alarms, no runs. */
export async function startAfresh() {
  await pool()`truncate schedules, runs`
  for (const { key } of await alarms().getJobSchedulers()) await alarms().removeJobScheduler(key)
  await alarms().obliterate({ force: true })
  await sweeps().obliterate({ force: true })
}
