import { pool } from "../../../db/pool.ts"
import { letHome } from "../../../db/testing-rentals.ts"
import { addDays, dayIn } from "../../../lib/days.ts"
import { runPaymentReminders } from "../../../lib/producers.ts"
import { browserOf, phoneOf } from "../../../worker/push/testing.ts"
import { type Load, notOnce, type Outside } from "./load.ts"

/** Payments of a home that somebody is reminded of. */
const PAYMENTS = 6

/** Renters who have not paid for a week: each is told of each payment by mail, in the application, on a browser and on a phone. */
export function remindRenters({ resend, push }: Outside): Load {
  const renters = new Set<string>()

  /** What was sent, as renter and subject: each payment's has the month that it is for. */
  const mails = () =>
    resend.messages.flatMap(({ to, subject }) =>
      to.filter((address) => renters.has(address)).map((address) => `${address} ${subject}`),
    )
  const noted = async () => {
    const [row] = await pool()<[{ reminders: number; notifications: number }]>`
      select (select count(*)::int from payment_reminders) as reminders,
        (select count(*)::int from notifications where category = 'payment-reminder') as notifications
    `
    return row
  }

  return {
    name: "reminders",
    async ask() {
      const address = `renter.${crypto.randomUUID()}@example.com`
      // Whatever midnight comes meanwhile, all of them are at one stage.
      const due = addDays(dayIn("America/Sao_Paulo"), -7)
      const { agencyId, renterId } = await letHome({
        ...{ months: PAYMENTS, firstMonth: "2025-02", renter: { email: address } },
        payment: { dueDate: due, payableUntil: due },
      })
      const [account] = await pool()<[{ id: number }]>`
        with account as (
          insert into users (agency_id, name, email, password_hash, role)
          values (${agencyId}, 'Ana', ${address}, 'none', 'renter')
          returning id
        )
        update renters set user_id = account.id from account where renters.id = ${renterId}
        returning user_id as id
      `
      await browserOf(account.id, push)
      await phoneOf(account.id)
      renters.add(address)
      // Once more, as by two who press the button at a time.
      await Promise.all([runPaymentReminders(), runPaymentReminders()])
    },
    async progress() {
      const { reminders, notifications } = await noted()
      return reminders + notifications + mails().length
    },
    async isOver() {
      const wanted = renters.size * PAYMENTS
      const { reminders, notifications } = await noted()
      return mails().length >= wanted && reminders >= wanted && notifications >= wanted
    },
    async faults() {
      const rows = await pool()<{ email: string; payments: number; stages: string[]; told: number }[]>`
        select renter.email, count(distinct payment.id)::int as payments,
          array_agg(reminder.stage) as stages, count(distinct told.id)::int as told
        from renters as renter
        join rental_contracts as contract on contract.renter_id = renter.id
        join rental_payments as payment on payment.contract_id = contract.id
        left join payment_reminders as reminder on reminder.payment_id = payment.id
        left join notifications as told
          on told.user_id = renter.user_id and told.dedupe_key = 'key:payment-reminder/' || reminder.id
        where renter.email = any(${[...renters]})
        group by renter.email
      `
      const unlike = rows.filter(
        ({ stages, told }) =>
          told !== PAYMENTS || stages.length !== PAYMENTS || stages.some((stage) => stage !== "overdue-5"),
      )
      const perRenter = Map.groupBy(new Set(mails()), (mail) => mail.split(" ", 1)[0]!)
      return [
        ...notOnce(new Set(mails()), mails()),
        ...[...renters]
          .filter((renter) => perRenter.get(renter)?.length !== PAYMENTS)
          .map((renter) => `${renter}: ${perRenter.get(renter)?.length} mails that differ`),
        ...notOnce(
          renters,
          rows.map(({ email }) => email),
        ),
        ...unlike.map((row) => JSON.stringify(row)),
      ]
    },
  }
}
