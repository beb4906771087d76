import type { ReminderOutcome } from "../lib/jobs/payment-reminder.ts"
import type { Locale } from "../lib/locale.ts"
import { placeOf, type ReminderType, type Stage } from "../lib/reminders/stages.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** A renter that was told of a payment at one of its stages. */
export interface PaymentReminder {
  id: number
  agencyId: number
  contractId: number
  paymentId: number
  type: ReminderType
  days: number
  stage: string
  localDate: string
  daysOverdue: number
  principalCents: number
  lateFeeCents: number
  interestCents: number
  amountCents: number
  pixCode: string | null
  locale: Locale
  channels: Channel[]
  isAgencyTold: boolean
  runId: string
  createdAt: Date
}

/** How a renter is told. */
export type Channel = "email" | "in-app" | "push"

type Reminding = Omit<PaymentReminder, "id" | "stage" | "amountCents" | "createdAt">

/** What came of claiming a stage: the reminder when it is to be sent, else why not. */
interface Claim {
  id: number | null
  why: Exclude<ReminderOutcome, "sent"> | null
}

const columns = (db: Db) => db`
  id, agency_id, contract_id, payment_id, type, days, stage, local_date::text, days_overdue, principal_cents, late_fee_cents,
  interest_cents, amount_cents, pix_code, locale, channels, is_agency_told, run_id, created_at
`

/**
 * Note that a stage of a payment is being sent, unless there is nothing to be told of it: whoever gets the id has to ask for what tells of it in the same
 * transaction. That holds the payment already, so that no other reminder of it, and no money, comes in between.
 */
export async function claimReminder(reminder: Reminding, tx: Db): Promise<Claim> {
  const { paymentId, type, days, localDate } = reminder
  const place = placeOf(reminder)
  const [claim] = await tx<[Claim]>`
    with found as (
      select
        case
          when exists (select from payment_reminders where payment_id = ${paymentId} and stage = ${stageOf(reminder)})
            then 'sent-before'
          when payment.status not in ('pending', 'partially_paid') then 'settled'
          when not (${isLiable(tx)}) then 'contract-ended'
          when ${type === "upcoming"}::boolean
            and ${localDate}::date not between payable_until - ${days}::int and payable_until then 'not-due'
          when ${type !== "upcoming"}::boolean and ${localDate}::date < payable_until + ${days}::int then 'not-due'
          when exists (select from payment_reminders where payment_id = ${paymentId} and place >= ${place}) then 'overtaken'
        end as why
      from rental_payments as payment
      join rental_contracts as contract on contract.id = contract_id
      where payment.id = ${paymentId}
    ),
    claimed as (
      insert into payment_reminders (
        agency_id, contract_id, payment_id, type, days, local_date, days_overdue, principal_cents, late_fee_cents,
        interest_cents, pix_code, locale, channels, is_agency_told, run_id
      )
      select
        ${reminder.agencyId}, ${reminder.contractId}, ${paymentId}, ${type}, ${days}, ${localDate}::date, ${reminder.daysOverdue},
        ${reminder.principalCents}, ${reminder.lateFeeCents}, ${reminder.interestCents}, ${reminder.pixCode}, ${reminder.locale},
        ${reminder.channels}, ${reminder.isAgencyTold}, ${reminder.runId}
      from found
      where why is null
      on conflict do nothing
      returning id
    )
    select (select id from claimed), coalesce(why, case when not exists (select from claimed) then 'sent-before' end) as why
    from found
  `
  return claim
}

/** The reminder that a run has sent. */
export async function findReminderOf(runId: string, db: Db = pool()): Promise<PaymentReminder | undefined> {
  const [reminder] = await db<PaymentReminder[]>`
    select ${columns(db)}
    from payment_reminders
    where run_id = ${runId}
  `
  return reminder
}

/** Which reminders; what is not said is any. `before` is the id that those of a page are below. */
export interface ReminderFilter {
  contractId?: number | undefined
  paymentId?: number | undefined
  agencyId?: number | undefined
  before?: number | undefined
}

/** Reminders, the latest first. */
export const listReminders = async (
  filter: ReminderFilter,
  limit: number,
  db: Db = pool(),
): Promise<PaymentReminder[]> =>
  await db<PaymentReminder[]>`
    select ${columns(db)}
    from payment_reminders
    where true
      ${filter.contractId === undefined ? db`` : db`and contract_id = ${filter.contractId}`}
      ${filter.paymentId === undefined ? db`` : db`and payment_id = ${filter.paymentId}`}
      ${filter.agencyId === undefined ? db`` : db`and agency_id = ${filter.agencyId}`}
      ${filter.before === undefined ? db`` : db`and id < ${filter.before}`}
    order by id desc
    limit ${limit}
  `

/** The condition of payments that are owed by a contract: it has begun, was not called off, and had not ended before their month. */
export const isLiable = (db: Db) => db`
  contract.status in ('active', 'expired', 'terminated') and (ended_on is null or ended_on >= payment.reference_month)
`

const stageOf = ({ type, days }: Stage) => (type === "final-notice" ? type : `${type}-${days}`)

/** Old reminders: that somebody was told may have to be proved. */
export const oldReminders: Aged = {
  table: "payment_reminders",
  since: "created_at",
  target: "old-data",
  atLeast: { interval: "5 years", why: "what proves that renters were told is kept for five years" },
}
