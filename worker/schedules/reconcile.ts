import postgres from "postgres"
import { isDatabaseAway } from "../../db/errors.ts"
import type { Db } from "../../db/pool.ts"
import {
  changeSchedules,
  declareSchedule,
  holdSchedules,
  type KeptSchedule,
  lockSchedules,
  removeSchedule,
  upholdSchedules,
} from "../../db/schedules.ts"
import { RedisUnavailable } from "../../lib/errors.ts"
import { createLog } from "../../lib/log.ts"
import type { DeclaredSchedule } from "../../lib/schedules/declared.ts"
import { alignAlarms } from "./alarms.ts"
import { catchUp } from "./catch-up.ts"

/** Milliseconds between two times that a process looks after the schedules. */
export const HEAL_EVERY = 10 * 60_000

/** Milliseconds without a word after which a process has gone. */
const SILENCE = 2.5 * HEAL_EVERY

/** Milliseconds for which a schedule may have been removed and yet go on where it was. */
const INTERRUPTION = 24 * 3_600_000

const log = createLog("Schedules")

/**
 * Make the schedules of this process the schedules there are, in PostgreSQL and in Redis: where releases run side by side,
 * the one started last has its way. Which is newer no process can tell, since a rollback is as good as any.
 * A schedule that is declared no longer is removed, and kept aside with its pause. Declared again within a day it makes
 * up for its slots as for those of an outage; later, its slots begin anew.
 */
export const reconcile = (declared: readonly DeclaredSchedule[], now: Date) =>
  settle(declared, now, () => true)

/**
 * Put right what Redis has lost. A schedule that another process has otherwise, or has removed, is left so until no process
 * that would have it so has been heard of for 25 minutes: an old release started late has its way only while it runs, and
 * two that run on do not take turns. `lookedAt` is when this process was here last: after an outage nobody has been heard of.
 */
export const heal = (declared: readonly DeclaredSchedule[], now: Date, lookedAt = now) =>
  settle(declared, now, ({ upheldAt }) => isLongBefore(upheldAt, now) && !isLongBefore(lookedAt, now))

const isLongBefore = (time: Date, now: Date) => now.getTime() - time.getTime() > SILENCE

async function settle(
  declared: readonly DeclaredSchedule[],
  now: Date,
  mayChange: (row: KeptSchedule) => boolean,
) {
  const declarationOf = ({ name }: KeptSchedule) => declared.find((schedule) => schedule.name === name)
  await changeSchedules(async (tx) => {
    await lockSchedules(tx)
    const rows = await holdSchedules(tx)
    for (const row of rows) {
      const schedule = declarationOf(row)
      if (schedule) await settleOne(schedule, row, mayChange(row), now, tx)
      else if (!row.removedAt && mayChange(row)) await remove(row, now, tx)
    }
    for (const schedule of declared)
      if (!rows.some(({ name }) => name === schedule.name)) await declare(schedule, now, tx)

    const settled = await holdSchedules(tx)
    const own = settled.filter((row) => isAsDeclared(row, declarationOf(row)))
    await upholdSchedules(
      own.map(({ name }) => name),
      now,
      tx,
    )
    await alignAlarms(
      settled.filter(({ removedAt }) => !removedAt),
      now,
    )
  })
}

/** What an old rule has due is asked for before a new one takes its place. */
async function settleOne(
  schedule: DeclaredSchedule,
  row: KeptSchedule,
  mayChange: boolean,
  now: Date,
  tx: Db,
) {
  if (row.removedAt && !mayChange) return
  const goesOn = !row.removedAt || now.getTime() - row.removedAt.getTime() < INTERRUPTION
  if (goesOn && (mayChange || row.job === schedule.job.name))
    await catchUp(schedule, row, now, tx).catch((error) => passOver(row, error))

  if (!mayChange || isAsDeclared(row, schedule)) return
  if (row.removedAt) log.info(`${row.name} is declared again`, { removedAt: row.removedAt })
  await declare(schedule, goesOn && hasRule(row, schedule) ? row.slottedUntil : now, tx)
}

async function remove({ name }: KeptSchedule, now: Date, tx: Db) {
  await removeSchedule(name, now, tx)
  log.info(`${name} is removed, since it is declared no longer`)
}

const declare = ({ name, cron, zone, job }: DeclaredSchedule, slottedUntil: Date, tx: Db) =>
  declareSchedule({ name, cron, zone, job: job.name }, slottedUntil, tx)

const isAsDeclared = (row: KeptSchedule, schedule: DeclaredSchedule | undefined) =>
  schedule ? !row.removedAt && hasRule(row, schedule) : row.removedAt !== null

const hasRule = (row: KeptSchedule, { cron, zone, job }: DeclaredSchedule) =>
  row.cron === cron && row.zone === zone && row.job === job.name

/** A schedule with something wrong in it must not keep the others from being looked after; its own alarm tries again. */
function passOver({ name }: KeptSchedule, error: unknown) {
  const isOutage = error instanceof RedisUnavailable || isDatabaseAway(error)
  if (isOutage || error instanceof postgres.PostgresError) throw error
  log.error(`Could not ask for the run of ${name}`, { error })
}
