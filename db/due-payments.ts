import { MAKE_UP_DAYS, type Stages } from "../lib/reminders/stages.ts"
import { isLiable } from "./payment-reminders.ts"
import { type Db, pool } from "./pool.ts"

/** An agency, when its renters are told of payments, and the zone of its calendar. */
export interface RemindingAgency {
  id: number
  timeZone: string
  stages: Stages
}

const agency = (db: Db) => db`
  id, time_zone,
  jsonb_build_object('before', reminder_days_before, 'overdue', reminder_days_overdue, 'final_notice', final_notice_days) as stages
`

/** Every agency. */
export const listRemindingAgencies = async (db: Db = pool()): Promise<RemindingAgency[]> =>
  await db<RemindingAgency[]>`select ${agency(db)} from agencies order by id`

/** The agency of a contract. */
export async function findRemindingAgency(
  contractId: number,
  db: Db = pool(),
): Promise<RemindingAgency | undefined> {
  const [found] = await db<RemindingAgency[]>`
    select ${agency(db)}
    from agencies
    where id = (select agency_id from rental_contracts where id = ${contractId})
  `
  return found
}

/** A payment that is owed, and how it stands: `sent` is the place of the latest stage that its renter was told of. */
export interface DuePayment {
  id: number
  contractId: number
  daysOverdue: number
  sent: number | null
}

/** What is owed to an agency and not too far from a stage, on a day. */
export async function listDuePayments(
  { id, stages }: RemindingAgency,
  today: string,
  db: Db = pool(),
): Promise<DuePayment[]> {
  const [furthest, latest] = [
    Math.max(0, ...stages.before),
    Math.max(0, ...stages.overdue, stages.finalNotice ?? 0) + MAKE_UP_DAYS,
  ]
  return await db<DuePayment[]>`
    select
      payment.id, payment.contract_id, ${today}::date - payable_until as days_overdue,
      (select max(place) from payment_reminders where payment_id = payment.id) as sent
    from rental_payments as payment
    join rental_contracts as contract on contract.id = contract_id
    where payment.agency_id = ${id}
      and payable_until between ${today}::date - ${latest}::int and ${today}::date + ${furthest}::int
      and payment.status in ('pending', 'partially_paid')
      and ${isLiable(db)}
    order by payable_until, payment.id
  `
}

/**
 * The payment of a contract that a reminder is about when nobody says which: the next that is due, within `days` if they are said; or of those overdue at
 * least so many the latest, and if nobody says how many, the oldest.
 */
export async function findDuePayment(
  contractId: number,
  { isOverdue, days, today }: { isOverdue: boolean; days: number | undefined; today: string },
  db: Db = pool(),
): Promise<number | undefined> {
  const [payment] = await db<{ id: number }[]>`
    select payment.id
    from rental_payments as payment
    join rental_contracts as contract on contract.id = contract_id
    where contract_id = ${contractId}
      and payment.status in ('pending', 'partially_paid')
      and ${isLiable(db)}
      and ${
        isOverdue
          ? db`payable_until <= ${today}::date - ${days ?? 1}::int`
          : db`payable_until between ${today}::date and ${today}::date + ${days ?? 3_650}::int`
      }
    order by ${isOverdue && days !== undefined ? db`payable_until desc, payment.id desc` : db`payable_until, payment.id`}
    limit 1
  `
  return payment?.id
}
