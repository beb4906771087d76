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

/** A schedule, or what is kept of one that was removed. */
export interface KeptSchedule extends ScheduleRow {
  /** Since when it is declared no longer. */
  removedAt: Date | null
  /** When a process that would have it just so, removed or not, was last heard of. */
  upheldAt: Date
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
    where name = ${name} and removed_at is null
    for update
  `
  return row
}

/** Every schedule, removed or not, held until this transaction ends. */
export async function holdSchedules(tx: Db): Promise<KeptSchedule[]> {
  return await tx<KeptSchedule[]>`
    select name, job, cron, zone, slotted_until, last_run_id, paused_at, paused_by, pause_reason, removed_at, upheld_at
    from schedules
    order by name
    for update
  `
}

/** Put a schedule down under its rule, new, changed or removed before, with nothing due before `slottedUntil`. */
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
        slotted_until = greatest(schedules.slotted_until, excluded.slotted_until),
        removed_at = null, updated_at = now()
  `
}

/** Have a schedule ask for nothing, and be seen by nobody, until it is declared again. */
export async function removeSchedule(name: string, at: Date, db: Db = pool()) {
  await db`
    update schedules
    set removed_at = ${at}, updated_at = now()
    where name = ${name}
  `
}

/** Say for a process that it would have these schedules just as they are. */
export async function upholdSchedules(names: readonly string[], at: Date, db: Db = pool()) {
  await db`
    update schedules
    set upheld_at = ${at}
    where name = any(${names as string[]})
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
    where removed_at is null
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
    where name = ${name} and removed_at is null
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
    where name = ${name} and removed_at is null
    returning 1
  `
  if (!resumed.length) throw await unknown(name, db)
  createLog("Schedules").info(`${name} is resumed`, { by: actor })
}

async function unknown(name: string, db: Db) {
  const rows = await db<{ name: string }[]>`select name from schedules where removed_at is null order by name`
  return new UnknownSchedule(
    name,
    rows.map(({ name }) => name),
  )
}
