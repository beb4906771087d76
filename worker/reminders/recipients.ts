import { takesMail } from "../../db/email-suppressions.ts"
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
  /** Why nobody can be told, for now or at all. */
  hindrance: Error | undefined
}

interface Whose {
  contractId: number
  agencyId: number
  type: ReminderType
  facts: InvoiceFacts
}

/** Who is told of a payment. */
export async function recipientsOf(
  { contractId, agencyId, type, facts }: Whose,
  moment: Date,
  tx: Db,
): Promise<Recipients> {
  const renter = await findRenterOf(contractId, tx)
  const [wishes] = renter.userId ? await channelsOf([renter.userId], CATEGORY, { at: moment, db: tx }) : []
  const takesMail = isAddress(renter.email) && !renter.isSuppressed && (wishes?.mail ?? true)
  const channels: Channel[] = [
    ...(takesMail ? (["email"] as const) : []),
    ...(wishes?.inApp ? (["in-app"] as const) : []),
    ...(wishes?.push && renter.hasDevice ? (["push"] as const) : []),
  ]
  const told = { locale: wishes?.locale ?? "pt-BR", channels, renter } as const
  if (channels.length === 0) {
    const agency = await agencyOf(agencyId, facts, tx)
    const isThere = agency.email !== undefined || agency.managerIds.length > 0
    return { ...told, agency, hindrance: isThere ? undefined : nobody(facts.payment.id, renter.id, agencyId) }
  }
  const agency = type === "final-notice" ? await agencyOf(agencyId, facts, tx) : undefined
  return { ...told, agency, hindrance: wishes?.quietUntil ? quiet(wishes.quietUntil, moment) : undefined }
}

const agencyOf = async (agencyId: number, { agency }: InvoiceFacts, tx: Db) => ({
  email: isAddress(agency.email) && (await takesMail(agency.email, "notice", tx)) ? agency.email : undefined,
  managerIds: await listManagerIds(agencyId, tx),
})

const isAddress = (text: string | null): text is string => emailAddress.safeParse(text).success

/** By then it may be paid, or another day with another sum: all of it is looked at again. */
const quiet = (until: Date, moment: Date) =>
  new RetryLater(
    Math.max(1_000, until.getTime() - moment.getTime()),
    `the renter has quiet hours until ${until.toISOString()}`,
  )

const nobody = (paymentId: number, renterId: number, agencyId: number) =>
  new PermanentError(
    `Nobody can be told of payment ${paymentId}: neither renter ${renterId} nor agency ${agencyId} has an e-mail address that takes mail, or anybody with an account`,
  )
