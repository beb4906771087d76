import type { JobSchedulerJson } from "bullmq"
import type { ScheduleRow } from "../../db/schedules.ts"
import { onQueue } from "../../lib/queues.ts"
import { alarm } from "../../lib/schedules/queue.ts"

/** Milliseconds by which an alarm may be late before it counts as lost. */
const OVERDUE = 60_000

/**
 * Have one alarm in Redis for each schedule, and no other. One that is in order is left alone: to set an alarm anew
 * discards what it has due. So the slots of a schedule have to be dealt with before.
 */
export async function alignAlarms(schedules: readonly ScheduleRow[], now: Date) {
  const alarms = await onQueue(alarm, (queue) => queue.getJobSchedulers())
  const byName = new Map(alarms.map((alarm) => [alarm.key, alarm]))
  for (const schedule of schedules)
    if (!isInOrder(byName.get(schedule.name), schedule, now)) await setAlarm(schedule)

  const names = new Set(schedules.map(({ name }) => name))
  for (const { key } of alarms)
    if (!names.has(key)) await onQueue(alarm, (queue) => queue.removeJobScheduler(key))
}

function isInOrder(set: JobSchedulerJson | undefined, { cron, zone }: ScheduleRow, now: Date) {
  return set?.pattern === cron && set.tz === zone && (set.next ?? 0) > now.getTime() - OVERDUE
}

const setAlarm = ({ name, cron, zone }: ScheduleRow) =>
  onQueue(alarm, (queue) =>
    queue.upsertJobScheduler(name, { pattern: cron, tz: zone }, { name, data: { schedule: name } }),
  )
