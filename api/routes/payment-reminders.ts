import { Elysia } from "elysia"
import { listReminders } from "../../db/payment-reminders.ts"
import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { allow } from "../access/allow.ts"
import { documentReminders } from "../documentation/payment-reminders.ts"
import { parse } from "../parse.ts"
import { reminderQuery, tellReminder } from "../payment-reminders.ts"
import { fromPostgres } from "../postgres.ts"

const AWAY = "PostgreSQL, which keeps the reminders, does not answer: try again in a moment"

/** What renters were told of payments, to be read. */
export const paymentReminderRoutes = new Elysia().get(
  "/api/admin/payment-reminders",
  ({ query }) => list(query),
  allow("read", documentReminders(), { queue: paymentReminder.name }),
)

async function list(query: unknown) {
  const { limit, ...filter } = parse(reminderQuery, query)
  // One more than asked for tells whether there is a next page.
  const found = await fromPostgres(listReminders(filter, limit + 1), AWAY)
  const reminders = found.slice(0, limit).map(tellReminder)
  return { reminders, next: found.length > limit ? reminders.at(-1)!.id : null }
}
