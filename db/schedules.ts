import type postgres from "postgres"
import { createLog } from "../lib/log.ts"
import { nextSlot, type Rule } from "../lib/schedules/slots.ts"
import { UnknownSchedule } from "../lib/schedules/unknown.ts"
import { type Db, pool } from "./pool.ts"

/** A schedule as the newest boot declared it, and how far it has come. */
export interface ScheduleRow extends Rule {
  name: string
  job: string
  /** Every slot up to here has been dealt with. */
  slottedUntil: Date
  /** The run that its latest slot asked for. */
  lastRunId: string | null
  pausedAt: Date | null
  pausedBy: string | null
  pauseReason: string | null
}

/** Change schedules, all or nothing. A process that stands still in the middle of it does not keep the others out for long. */
export const changeSchedules = <T>(change: (tx: postgres.TransactionSql) => Promise<T>) =>
  pool().begin(async (tx) => {
    await tx`set local idle_in_transaction_session_timeout = '30s'`
    await tx`set local lock_timeout = '30s'`
    return await change(tx)
  }) as Promise<T>

/** Keep every other process from declaring schedules, or setting their alarms, until this transaction ends. */
export async function lockSchedules(tx: Db) {
  await tx`select pg_advisory_xact_lock(hashtext('esteira.schedules'))`
}

/** A schedule by its name, held until this transaction ends. */
export async function holdSchedule(name: string, tx: Db): Promise<ScheduleRow | undefined> {
  const [row] = await tx<ScheduleRow[]>`
    select name, job, cron, zone, slotted_until, last_run_id, paused_at, paused_by, pause_reason
    from schedules
    where name = ${name}
    for update
  `
  return row
}

/** Every schedule, held until this transaction ends. */
export async function holdSchedules(tx: Db): Promise<ScheduleRow[]> {
  return await tx<ScheduleRow[]>`
    select name, job, cron, zone, slotted_until, last_run_id, paused_at, paused_by, pause_reason
    from schedules
    order by name
    for update
  `
}

/** Put a schedule down under its rule, new or changed, with nothing due before `slottedUntil`. */
export async function declareSchedule(
  { name, job, cron, zone }: Rule & { name: string; job: string },
  slottedUntil: Date,
  db: Db = pool(),
) {
  await db`
    insert into schedules (name, job, cron, zone, slotted_until)
    values (${name}, ${job}, ${cron}, ${zone}, ${slottedUntil})
    on conflict (name) do update
    set job = excluded.job, cron = excluded.cron, zone = excluded.zone,
        slotted_until = greatest(schedules.slotted_until, excluded.slotted_until), updated_at = now()
  `
}

/** Remove the schedules that are not among these. */
export async function removeOtherSchedules(names: readonly string[], db: Db = pool()) {
  await db`
    delete from schedules
    where name <> all(${names as string[]})
  `
}

/** Every slot up to this one has been dealt with, and the latest run asked for is this one, if any was. */
export async function markSlotted(name: string, slot: Date, runId: string | undefined, db: Db = pool()) {
  await db`
    update schedules
    set slotted_until = ${slot}, last_run_id = coalesce(${runId ?? null}, last_run_id), updated_at = now()
    where name = ${name}
  `
}

/** Those of these runs that have ended, however long ago. */
export async function endedRuns(ids: readonly string[], db: Db = pool()): Promise<Set<string>> {
  const ended = await db<{ id: string }[]>`
    select id
    from runs
    where id = any(${ids as string[]})
  `
  return new Set(ended.map(({ id }) => id))
}

/** Every schedule with its next slot; a paused one passes it over. */
export async function listSchedules(db: Db = pool()): Promise<(ScheduleRow & { nextSlot: Date | null })[]> {
  const rows = await db<ScheduleRow[]>`
    select name, job, cron, zone, slotted_until, last_run_id, paused_at, paused_by, pause_reason
    from schedules
    order by name
  `
  return rows.map((row) => ({ ...row, nextSlot: nextSlot(row, new Date()) ?? null }))
}

/** Let the slots of a schedule pass without runs; who paused it first, and why, is kept. Throws UnknownSchedule. */
export async function pauseSchedule(name: string, actor: string, reason?: string, db: Db = pool()) {
  const paused = await db`
    update schedules
    set pause_reason = case when paused_at is null then ${reason ?? null} else pause_reason end,
        paused_by = coalesce(paused_by, ${actor}),
        paused_at = coalesce(paused_at, now()),
        updated_at = now()
    where name = ${name}
    returning 1
  `
  if (!paused.length) throw await unknown(name, db)
  createLog("Schedules").info(`${name} is paused`, { by: actor, reason })
}

/** Ask for runs again, from the next slot on: what passed meanwhile is not made up for. Throws UnknownSchedule. */
export async function resumeSchedule(name: string, actor: string, db: Db = pool()) {
  const resumed = await db`
    update schedules
    set slotted_until = case when paused_at is null then slotted_until else greatest(slotted_until, ${new Date()}) end,
        paused_at = null,
        paused_by = null,
        pause_reason = null,
        updated_at = now()
    where name = ${name}
    returning 1
  `
  if (!resumed.length) throw await unknown(name, db)
  createLog("Schedules").info(`${name} is resumed`, { by: actor })
}

async function unknown(name: string, db: Db) {
  const rows = await db<{ name: string }[]>`select name from schedules order by name`
  return new UnknownSchedule(
    name,
    rows.map(({ name }) => name),
  )
}
