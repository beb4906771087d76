import type postgres from "postgres"
import { cancellable } from "../../db/cancellable.ts"
import { findDuePayment, findRemindingAgency } from "../../db/due-payments.ts"
import { type FoundFacts, lockInvoiceFacts } from "../../db/invoice-facts.ts"
import { claimReminder, findReminderOf } from "../../db/payment-reminders.ts"
import { dayIn, daysBetween } from "../../lib/days.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import type { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { placeOf, type Stage, type Stages, stageDue } from "../../lib/reminders/stages.ts"
import type { Run } from "../run.ts"
import { chargeOn } from "./charge.ts"
import { recipientsOf } from "./recipients.ts"
import { type Result, sent, unsent } from "./result.ts"
import { tellRenter } from "./tell.ts"
import { tellAgency } from "./tell-agency.ts"

type Asked = Exclude<JobPayload<typeof paymentReminder>, { type: "sweep" }>

/**
 * Tell the renter of a contract what is due or overdue now, in a transaction that notes it and asks for the mail and the notification: all of it happens
 * once, or none of it. A run that has done so, however it ended, does not do it again. Throws PermanentError, and RetryLater in quiet hours.
 */
export async function remind(
  asked: Asked,
  run: Pick<Run, "id" | "signal" | "log">,
  moment = new Date(),
): Promise<Result> {
  const { contractId, type, days } = asked
  const before = await findReminderOf(run.id)
  if (before) return sent(before)
  const agency = await findRemindingAgency(contractId)
  if (!agency)
    throw new PermanentError(`There is no contract ${contractId}: ask with the id of one in rental_contracts`)
  const today = dayIn(agency.timeZone, moment)
  const paymentId =
    asked.paymentId ?? (await findDuePayment(contractId, { isOverdue: type !== "upcoming", days, today }))
  const result = paymentId
    ? await cancellable(run.signal, async (tx) => {
        const found = await factsOf(paymentId, contractId, tx)
        return await send(found, asked, { run, today, moment, stages: agency.stages, tx })
      })
    : unsent("not-due")
  run.log(said(result, contractId))
  return result
}

async function factsOf(
  paymentId: number,
  contractId: number,
  tx: postgres.TransactionSql,
): Promise<FoundFacts> {
  const found = await lockInvoiceFacts(paymentId, tx)
  if (!found)
    throw new PermanentError(
      `There is no payment ${paymentId}: ask with the id of one in rental_payments, or without`,
    )
  if (found.contractId !== contractId)
    throw new PermanentError(`Payment ${paymentId} is of contract ${found.contractId}, not of ${contractId}`)
  return found
}

interface Sending {
  run: Pick<Run, "id">
  today: string
  moment: Date
  stages: Stages
  tx: postgres.TransactionSql
}

async function send(
  { facts, agencyId }: FoundFacts,
  { type, contractId, days, ifLatest }: Asked,
  { run, today, moment, stages, tx }: Sending,
): Promise<Result> {
  const paymentId = facts.payment.id
  const daysOverdue = daysBetween(facts.payment.payableUntil, today)
  const stage = { type, days: days ?? (type === "upcoming" ? -daysOverdue : daysOverdue) }
  if (stage.days < 0 || (type !== "upcoming" && stage.days < 1)) return unsent("not-due", paymentId)
  if (ifLatest && isOvertaken(stage, stages, daysOverdue)) return unsent("overtaken", paymentId)
  const charge = chargeOn(today, facts)
  const recipients = await recipientsOf({ contractId, agencyId, type, facts }, moment, tx)
  const { id, why } = await claimReminder(
    {
      ...{ agencyId, contractId, paymentId, ...stage, localDate: today, daysOverdue, runId: run.id },
      ...{ principalCents: charge.principalCents, lateFeeCents: charge.lateFeeCents },
      ...{ interestCents: charge.interestCents, pixCode: charge.pixCode, locale: recipients.locale },
      ...{ channels: recipients.channels, isAgencyTold: recipients.agency !== undefined },
    },
    tx,
  )
  if (id === null) {
    const before = await findReminderOf(run.id, tx)
    return before ? sent(before) : unsent(why!, paymentId)
  }
  if (recipients.hindrance) throw recipients.hindrance
  const reminder = { reminderId: id, contractId, type, today, daysOverdue, charge, facts, recipients }
  await tellRenter(reminder, tx)
  await tellAgency(reminder, tx)
  return sent((await findReminderOf(run.id, tx))!)
}

/** Of two that have waited for a worker, or for the end of quiet hours, the later alone is sent. */
function isOvertaken(stage: Stage, stages: Stages, daysOverdue: number): boolean {
  const due = stageDue(stages, daysOverdue)
  return due !== undefined && placeOf(due) > placeOf(stage)
}

function said({ outcome, paymentId, channels, isAgencyTold }: Result, contractId: number): string {
  const which = paymentId ? `payment ${paymentId} of contract ${contractId}` : `contract ${contractId}`
  if (outcome !== "sent") return `Nothing is told of ${which}: ${outcome}`
  return `Asked for what tells of ${which}: ${[...channels, ...(isAgencyTold ? ["agency"] : [])].join(", ")}`
}
