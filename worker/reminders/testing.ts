import { pool } from "../../db/pool.ts"
import { emptyRentals } from "../../db/testing-rentals.ts"

/** What has been asked for within transactions, oldest first, with its payload. */
export const askedFor = async (queue: string) => {
  const rows = await pool()<{ id: string; name: string; data: string; options: string }[]>`
    select id, name, data::text, options::text
    from outbox
    where queue = ${queue} and relayed_at is null
    order by asked_at, id
  `
  return rows.map(({ data, options, ...run }) => ({
    ...run,
    payload: JSON.parse(data),
    options: JSON.parse(options),
  }))
}

/** Have nothing let, and nothing asked for. */
export async function startAfresh() {
  await emptyRentals()
  await pool()`truncate outbox, email_suppressions`
  // Ids of runs follow from those of payments, which begin anew.
  await pool()`delete from runs where queue = 'payment-reminder'`
}

/** Reminders as they are noted, oldest first. */
export const reminders = async () => [
  ...(await pool()`
    select contract_id, payment_id, stage, local_date::text as day, days_overdue, amount_cents, channels, is_agency_told, run_id
    from payment_reminders
    order by id
  `),
]

/** The morning of a day in São Paulo, at nine. */
export const nine = (day: string) => new Date(`${day}T09:00:00-03:00`)
