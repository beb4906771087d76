import type { Db } from "../../db/pool.ts"
import { endedRuns, markSlotted, type ScheduleRow } from "../../db/schedules.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { createLog } from "../../lib/log.ts"
import { findRun } from "../../lib/runs.ts"
import type { DeclaredSchedule } from "../../lib/schedules/declared.ts"
import { dueSlots, MOST_SLOTS } from "../../lib/schedules/due.ts"
import { slotRunId } from "../../lib/schedules/run-id.ts"

const log = createLog("Schedules")

/**
 * Deal with every slot of a schedule that has come: ask for its run, unless the schedule says otherwise, and returns the runs' ids.
 * `held` is its row, held by the transaction: that, and the ids, which follow from the slots, keep runs from being asked for twice.
 */
export async function catchUp(
  schedule: DeclaredSchedule,
  held: ScheduleRow,
  now: Date,
  tx: Db,
): Promise<string[]> {
  const { due, newest, isCut } = dueSlots(schedule.missed, held, held.slottedUntil, now)
  if (!newest) return []
  if (isCut) log.error(`${held.name} missed more slots than the ${MOST_SLOTS} newest, which are made up for`)
  const asked = (await passesOver(schedule, held)) ? [] : await ask(schedule, due, tx)
  await markSlotted(held.name, newest, asked.at(-1), tx)
  return asked
}

async function passesOver({ job, overlap }: DeclaredSchedule, { name, pausedAt, lastRunId }: ScheduleRow) {
  if (pausedAt) {
    log.info(`${name} is paused: its slot passes`)
    return true
  }
  // The slots of one outage are not held against each other.
  if (overlap === "queue" || !lastRunId) return false
  const status = (await findRun(job, lastRunId))?.status ?? "unknown"
  if (!["waiting", "delayed", "active"].includes(status)) return false
  log.warn(`${name} has a run that has not ended: its slot passes`, { runId: lastRunId, status })
  return true
}

/** Redis forgets the ids of runs that have ended, the ledger does not. */
async function ask({ job, name, payload }: DeclaredSchedule, slots: readonly Date[], tx: Db) {
  const runs = slots.map((slot) => ({ slot, id: slotRunId(name, slot) }))
  const ended = await endedRuns(
    runs.map(({ id }) => id),
    tx,
  )
  for (const { slot, id } of runs) if (!ended.has(id)) await enqueue(job, payload(slot), {}, { name, id })
  return runs.map(({ id }) => id)
}
