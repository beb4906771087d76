import { channelsOf } from "../../db/notification-preferences.ts"
import { enqueueIn } from "../../db/outbox.ts"
import type { Db } from "../../db/pool.ts"
import { lineOf } from "../../lib/clip.ts"
import { email } from "../../lib/jobs/email.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { toldCharge } from "./charge.ts"
import { CATEGORY } from "./recipients.ts"
import { PRIORITY, type Reminder } from "./tell.ts"
import { agencyWords } from "./words.ts"

/** Ask, within the transaction that notes a reminder, for what tells the agency, where it has to know. */
export async function tellAgency(reminder: Reminder, tx: Db) {
  const { agency } = reminder.recipients
  if (!agency) return
  const told = followUpOf(reminder)
  if (agency.email) {
    const data = { userName: lineOf(reminder.facts.agency.name) ?? agency.email, ...told }
    await enqueueIn(
      tx,
      email,
      { to: agency.email, template: "rent-follow-up", locale: "pt-BR", data },
      { priority: PRIORITY },
      { name: "tell-agency" },
    )
  }
  const managers = agency.managerIds.length ? await channelsOf(agency.managerIds, CATEGORY, { db: tx }) : []
  for (const [locale, some] of Map.groupBy(managers, ({ locale }) => locale))
    await enqueueIn(
      tx,
      notification,
      {
        ...{ userId: some.map(({ userId }) => userId), category: CATEGORY, type: "warning" },
        ...agencyWords(locale, told.reason, told),
        data: { contractId: reminder.contractId, paymentId: reminder.facts.payment.id },
        dedupeKey: `payment-reminder/${reminder.reminderId}/agency`,
      },
      { priority: PRIORITY },
      { name: "notify-agency" },
    )
}

function followUpOf({ type, today, daysOverdue, charge, facts, recipients }: Reminder) {
  const { renter, channels } = recipients
  const { userName, propertyAddress, referenceMonth, dueDate } = toldCharge(facts, charge)
  return {
    ...{ propertyAddress, referenceMonth, dueDate, renterName: userName, amountCents: charge.amountCents },
    reason: type === "final-notice" && channels.length > 0 ? "final-notice" : "unreachable",
    renterContact: lineOf([renter.phone, renter.email].filter(Boolean).join(" · ")),
    contractNumber: lineOf(facts.contract.number, 40) ?? "–",
    daysOverdue: Math.max(0, daysOverdue),
    calculatedOn: today,
  } as const
}
