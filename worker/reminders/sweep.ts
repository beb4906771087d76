import { v5 as uuidv5 } from "uuid"
import { cancellable } from "../../db/cancellable.ts"
import {
  type DuePayment,
  listDuePayments,
  listRemindingAgencies,
  type RemindingAgency,
} from "../../db/due-payments.ts"
import { addToOutbox } from "../../db/outbox.ts"
import { listFailed } from "../../db/runs.ts"
import { dayIn } from "../../lib/days.ts"
import { prepareRun, type QueuedRun } from "../../lib/enqueue.ts"
import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { placeOf, type Stage, stageDue } from "../../lib/reminders/stages.ts"
import type { Run } from "../run.ts"

/** The namespace of the ids of reminders (RFC 9562, 6.6). */
const REMINDERS = "7d0a3a55-0a5c-4d1b-9d53-0a6d2d1c3b1e"

/** Runs asked for in one statement. */
const AT_ONCE = 500

/** What the specification has those of many wait behind: an upcoming payment can wait until what is overdue is told. */
const PRIORITY = { upcoming: 2, overdue: 1, "final-notice": 1 } as const

/**
 * Ask for a run for each payment that is at a stage now, by the calendar of its agency, and return how many. Asked for by payment, stage and day: however
 * often this is tried, and by whom, a day has one, and one more after each that has failed. An agency that cannot be read keeps no other from its reminders.
 */
export async function sweep(
  run: Pick<Run, "signal" | "progress" | "log">,
  moment = new Date(),
): Promise<number> {
  const agencies = await listRemindingAgencies()
  const failures: Error[] = []
  let asked = 0
  for (const [at, agency] of agencies.entries()) {
    run.signal.throwIfAborted()
    const percentage = Math.floor((100 * at) / agencies.length)
    run.progress({ percentage, stage: "sweeping", message: `${asked} reminders asked for` })
    try {
      asked += await sweepAgency(agency, moment, run.signal)
    } catch (error) {
      if (run.signal.aborted || !(error instanceof RangeError)) throw error
      failures.push(new Error(`Agency ${agency.id}: ${error.message}`, { cause: error }))
    }
  }
  if (failures.length)
    throw new AggregateError(
      failures,
      `The others are done: ${failures.map(({ message }) => message).join("; ")}`,
    )
  run.progress({ percentage: 100, stage: "swept", message: `${asked} reminders asked for` })
  run.log(`Asked for ${asked} reminders of ${agencies.length} agencies`)
  return asked
}

async function sweepAgency(agency: RemindingAgency, moment: Date, signal: AbortSignal): Promise<number> {
  const today = dayIn(agency.timeZone, moment)
  const payments = await cancellable(signal, (tx) => listDuePayments(agency, today, tx))
  const due = payments.flatMap((payment): Due[] => {
    const stage = stageDue(agency.stages, payment.daysOverdue, payment.sent ?? undefined)
    return stage ? [{ ...payment, stage, today }] : []
  })
  for (let from = 0; from < due.length; from += AT_ONCE) {
    signal.throwIfAborted()
    await addToOutbox(await runsOf(due.slice(from, from + AT_ONCE)))
  }
  return due.length
}

type Due = DuePayment & { stage: Stage; today: string }

/** A run for each; after one that has failed the next, so that what was not told can be told the same day. */
async function runsOf(due: Due[], time = 1): Promise<QueuedRun[]> {
  const runs = due.map((each) => runOf(each, time))
  const failed = await listFailed(runs.map(({ id }) => id))
  if (failed.size === 0) return runs
  const again = due.filter((_, index) => failed.has(runs[index]!.id))
  return [...runs.filter(({ id }) => !failed.has(id)), ...(await runsOf(again, time + 1))]
}

const runOf = ({ id, contractId, stage, today }: Due, time: number) =>
  prepareRun(
    paymentReminder,
    { contractId, paymentId: id, ...stage, ifLatest: true },
    { priority: PRIORITY[stage.type] },
    {
      name: "send-payment-reminder",
      id: uuidv5([id, placeOf(stage), today, ...(time > 1 ? [time] : [])].join("/"), REMINDERS),
    },
  )
