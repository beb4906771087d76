import { channelsOf } from "../../db/notification-preferences.ts"
import type { Channel } from "../../db/payment-reminders.ts"
import type { Db } from "../../db/pool.ts"
import { findRenterOf } from "../../db/renters.ts"
import { listManagerIds } from "../../db/users.ts"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import type { InvoiceFacts } from "../../lib/invoices/draft.ts"
import { emailAddress } from "../../lib/jobs/email.ts"
import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import type { Locale } from "../../lib/locale.ts"
import type { ReminderType } from "../../lib/reminders/stages.ts"

/** What preferences are of: people may have said how they want to be told of payments. */
export const CATEGORY = paymentReminder.name

/** Who is told, and how. */
export interface Recipients {
  locale: Locale
  channels: Channel[]
  renter: { name: string; email: string | null; phone: string | null; userId: number | null }
  /** Told of final notices, and in the place of a renter who cannot be. */
  agency: { email: string | undefined; managerIds: number[] } | undefined
}

interface Whose {
  contractId: number
  agencyId: number
  type: ReminderType
  facts: InvoiceFacts
}

/** Who is told of a payment. Throws RetryLater within the quiet hours of the renter, and PermanentError when there is nobody. */
export async function recipientsOf(
  { contractId, agencyId, type, facts }: Whose,
  moment: Date,
  tx: Db,
): Promise<Recipients> {
  const renter = await findRenterOf(contractId, tx)
  const [wishes] =
    renter.userId === null ? [] : await channelsOf([renter.userId], CATEGORY, { at: moment, db: tx })
  const takesMail = isAddress(renter.email) && !renter.isSuppressed && (wishes?.mail ?? true)
  const channels: Channel[] = [
    ...(takesMail ? (["email"] as const) : []),
    ...(wishes?.inApp ? (["in-app"] as const) : []),
    ...(wishes?.push && renter.hasDevice ? (["push"] as const) : []),
  ]
  if (wishes?.quietUntil && channels.length > 0)
    throw new RetryLater(
      Math.max(1_000, wishes.quietUntil.getTime() - moment.getTime()),
      `the renter has quiet hours until ${wishes.quietUntil.toISOString()}`,
    )
  const locale = wishes?.locale ?? "pt-BR"
  if (type !== "final-notice" && channels.length > 0) return { locale, channels, renter, agency: undefined }

  const email = isAddress(facts.agency.email) ? facts.agency.email : undefined
  const agency = { email, managerIds: await listManagerIds(agencyId, tx) }
  if (channels.length === 0 && !email && agency.managerIds.length === 0)
    throw new PermanentError(
      `Nobody can be told of payment ${facts.payment.id}: neither renter ${renter.id} nor agency ${agencyId} has an e-mail address that takes mail`,
    )
  return { locale, channels, renter, agency }
}

const isAddress = (text: string | null): text is string => emailAddress.safeParse(text).success
