import { enqueueIn } from "../../db/outbox.ts"
import type { Db } from "../../db/pool.ts"
import type { InvoiceFacts } from "../../lib/invoices/draft.ts"
import { email } from "../../lib/jobs/email.ts"
import { notification } from "../../lib/jobs/notification.ts"
import type { ReminderType } from "../../lib/reminders/stages.ts"
import { type Charge, toldCharge } from "./charge.ts"
import { CATEGORY, type Recipients } from "./recipients.ts"
import { renterWords } from "./words.ts"

/** What somebody is told. */
export interface Reminder {
  reminderId: number
  contractId: number
  type: ReminderType
  today: string
  daysOverdue: number
  charge: Charge
  facts: InvoiceFacts
  recipients: Recipients
}

/** What is told within hours, and to many at nine, waits for what somebody waits for. */
export const PRIORITY = 7

/** Ask, within the transaction that notes it, for what tells the renter. */
export async function tellRenter(reminder: Reminder, tx: Db) {
  const { channels } = reminder.recipients
  if (channels.includes("email")) await mail(reminder, tx)
  if (channels.includes("in-app") || channels.includes("push")) await notify(reminder, tx)
}

async function mail(reminder: Reminder, tx: Db) {
  const { type, facts, charge, recipients } = reminder
  const { locale, renter } = recipients
  const to = renter.email!
  const told = toldCharge(facts, charge)
  const asking = { name: "send-payment-reminder" }
  const options = { priority: PRIORITY }
  if (type === "upcoming")
    await enqueueIn(tx, email, { to, template: "payment-reminder", locale, data: told }, options, asking)
  else {
    const data = { ...told, ...lateness(reminder), finalNotice: type === "final-notice" }
    await enqueueIn(tx, email, { to, template: "payment-overdue", locale, data }, options, asking)
  }
}

function lateness({ today, daysOverdue, charge, facts }: Reminder) {
  const { lateFeePercent, condoLateFeePercent, interestPercentMonth } = facts.contract
  const hasOther = facts.payment.condoCents > 0 && condoLateFeePercent !== lateFeePercent
  return {
    ...{ calculatedOn: today, daysOverdue, interestPercentMonth, lateFeePercent },
    ...{ lateFeeCents: charge.lateFeeCents, interestCents: charge.interestCents },
    ...(hasOther && { condoLateFeePercent }),
  }
}

async function notify(
  { reminderId, contractId, type, daysOverdue, charge, facts, recipients }: Reminder,
  tx: Db,
) {
  const { amountCents, pixCode } = charge
  const { id: paymentId, payableUntil: dueDate } = facts.payment
  const { referenceMonth } = toldCharge(facts, charge)
  const words = renterWords(recipients.locale, { type, referenceMonth, dueDate, daysOverdue, amountCents })
  await enqueueIn(
    tx,
    notification,
    {
      ...{ userId: recipients.renter.userId!, ...words, category: CATEGORY },
      type: type === "upcoming" ? "info" : "warning",
      data: { contractId, paymentId, amountCents, ...(pixCode && { pixCode }) },
      dedupeKey: `payment-reminder/${reminderId}`,
    },
    { priority: PRIORITY },
    { name: "notify-renter" },
  )
}
