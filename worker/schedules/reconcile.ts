import postgres from "postgres"
import { isDatabaseAway } from "../../db/errors.ts"
import type { Db } from "../../db/pool.ts"
import {
  changeSchedules,
  declareSchedule,
  holdSchedules,
  lockSchedules,
  removeOtherSchedules,
  type ScheduleRow,
} from "../../db/schedules.ts"
import { RedisUnavailable } from "../../lib/errors.ts"
import { createLog } from "../../lib/log.ts"
import type { DeclaredSchedule } from "../../lib/schedules/declared.ts"
import { alignAlarms } from "./alarms.ts"
import { catchUp } from "./catch-up.ts"

/**
 * Make the schedules of this process the schedules there are, in PostgreSQL and in Redis.
 * What an old rule has due is asked for before a new one takes its place.
 */
export async function reconcile(declared: readonly DeclaredSchedule[], now: Date) {
  await alone(async (tx) => {
    const before = await holdSchedules(tx)
    await catchUpAll(declared, before, now, tx)
    for (const schedule of declared) {
      const { name, cron, zone } = schedule
      const row = before.find((row) => row.name === name)
      const isSame = row?.cron === cron && row.zone === zone && row.job === schedule.job.name
      if (!isSame) await declareSchedule({ name, cron, zone, job: schedule.job.name }, now, tx)
    }
    await removeOtherSchedules(
      declared.map(({ name }) => name),
      tx,
    )
    await alignAlarms(await holdSchedules(tx), now)
  })
}

/**
 * Put right what Redis has lost, as PostgreSQL has it: what a newer process declared or removed is
 * left as it is, though this one knows otherwise.
 */
export async function heal(declared: readonly DeclaredSchedule[], now: Date) {
  await alone(async (tx) => {
    const rows = await holdSchedules(tx)
    const known = declared.filter(({ name, job }) =>
      rows.some((row) => row.name === name && row.job === job.name),
    )
    await catchUpAll(known, rows, now, tx)
    await alignAlarms(rows, now)
  })
}

const alone = (act: (tx: Db) => Promise<void>) =>
  changeSchedules(async (tx) => {
    await lockSchedules(tx)
    await act(tx)
  })

async function catchUpAll(
  declared: readonly DeclaredSchedule[],
  rows: readonly ScheduleRow[],
  now: Date,
  tx: Db,
) {
  for (const row of rows) {
    const schedule = declared.find(({ name }) => name === row.name)
    if (schedule) await catchUp(schedule, row, now, tx).catch((error) => passOver(row, error))
  }
}

/** A schedule with something wrong in it must not keep the others from being looked after; its own alarm tries again. */
function passOver({ name }: ScheduleRow, error: unknown) {
  const isOutage = error instanceof RedisUnavailable || isDatabaseAway(error)
  if (isOutage || error instanceof postgres.PostgresError) throw error
  createLog("Schedules").error(`Could not ask for the run of ${name}`, { error })
}
