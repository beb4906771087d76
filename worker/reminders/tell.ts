import { enqueueIn } from "../../db/outbox.ts"
import type { Db } from "../../db/pool.ts"
import type { InvoiceFacts } from "../../lib/invoices/draft.ts"
import { email } from "../../lib/jobs/email.ts"
import type { ReminderType } from "../../lib/reminders/stages.ts"
import { type Charge, line, toldCharge } from "./charge.ts"
import type { Recipients } from "./recipients.ts"

/** What somebody is told. */
export interface Reminder {
  reminderId: number
  type: ReminderType
  today: string
  daysOverdue: number
  charge: Charge
  facts: InvoiceFacts
  recipients: Recipients
}

/** Mail that somebody has to have within hours, and that is sent to many at nine: it waits for mail that people wait for. */
const PRIORITY = 7

/** Ask, within the transaction that notes it, for what tells the renter, and the agency where it has to know. */
export async function tell(reminder: Reminder, tx: Db) {
  const { recipients } = reminder
  if (recipients.channels.includes("email")) await mailRenter(reminder, tx)
  if (recipients.agency) await tellAgency(reminder, recipients.agency, tx)
}

async function mailRenter({ type, today, daysOverdue, charge, facts, recipients }: Reminder, tx: Db) {
  const { locale, renter } = recipients
  const to = renter.email!
  const told = toldCharge(facts, charge)
  const { lateFeePercent, condoLateFeePercent, interestPercentMonth } = facts.contract
  const hasOther = facts.payment.condoCents > 0 && condoLateFeePercent !== lateFeePercent
  const asking = { name: "send-payment-reminder" }
  if (type === "upcoming") {
    const mail = { to, template: "payment-reminder", locale, data: told } as const
    await enqueueIn(tx, email, mail, { priority: PRIORITY }, asking)
    return
  }
  const data = {
    ...told,
    ...{ calculatedOn: today, daysOverdue, finalNotice: type === "final-notice" },
    ...{ lateFeeCents: charge.lateFeeCents, interestCents: charge.interestCents },
    ...{ lateFeePercent, interestPercentMonth, ...(hasOther && { condoLateFeePercent }) },
  }
  const mail = { to, template: "payment-overdue", locale, data } as const
  await enqueueIn(tx, email, mail, { priority: PRIORITY }, asking)
}

async function tellAgency(reminder: Reminder, { email: to }: NonNullable<Recipients["agency"]>, tx: Db) {
  if (!to) return
  const { type, today, daysOverdue, charge, facts, recipients } = reminder
  const { renter, channels } = recipients
  const told = toldCharge(facts, charge)
  const data = {
    userName: line(facts.agency.name) ?? to,
    reason: type === "final-notice" && channels.length > 0 ? "final-notice" : "unreachable",
    renterName: told.userName,
    renterContact: line([renter.phone, renter.email].filter(Boolean).join(" · ")),
    contractNumber: line(facts.contract.number, 40) ?? "–",
    propertyAddress: told.propertyAddress,
    referenceMonth: told.referenceMonth,
    dueDate: told.dueDate,
    daysOverdue: Math.max(0, daysOverdue),
    amountCents: charge.amountCents,
    calculatedOn: today,
  } as const
  const mail = { to, template: "rent-follow-up", locale: "pt-BR", data } as const
  await enqueueIn(tx, email, mail, { priority: PRIORITY }, { name: "tell-agency" })
}
