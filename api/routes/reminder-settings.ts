import { Elysia } from "elysia"
import { findReminderSettings, saveReminderSettings } from "../../db/agencies.ts"
import { PayloadError } from "../../lib/errors.ts"
import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { reminderSettings } from "../../lib/reminders/settings.ts"
import { allow } from "../access/allow.ts"
import { describeChange } from "../access/principal.ts"
import {
  documentReminderSettings,
  documentReminderSettingsChange,
} from "../documentation/reminder-settings.ts"
import { HttpError } from "../errors.ts"
import { isId } from "../ids.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"

const AWAY = "PostgreSQL, which knows the agencies, does not answer: try again in a moment"

const queue = paymentReminder.name

/** When the renters of an agency are told of payments. */
export const reminderSettingsRoutes = new Elysia({ prefix: "/api/admin/agencies/:id/reminders" })
  .get("", ({ params }) => settingsOf(params.id), allow("read", documentReminderSettings(), { queue }))
  .put(
    "",
    ({ params, body, request }) => change(params.id, body, request),
    allow("operate", documentReminderSettingsChange(), { action: "reminders.change", queue }),
  )

async function change(id: string, body: unknown, request: Request) {
  const wanted = parse(reminderSettings, body)
  const before = await settingsOf(id)
  if (!(await fromPostgres(saveReminderSettings(Number(id), wanted), AWAY)))
    throw new PayloadError("Bad request", [
      { path: "timeZone", message: "a zone that PostgreSQL knows, such as America/Sao_Paulo" },
    ])
  describeChange(request, { target: `agency:${Number(id)}`, before, after: wanted })
  return await settingsOf(id)
}

/** The settings of an agency that was asked for; throws 404 when there is none. */
async function settingsOf(id: string) {
  const found = isId(id) && (await fromPostgres(findReminderSettings(Number(id)), AWAY))
  if (found) return found
  throw new HttpError(404, `No agency ${id.slice(0, 100)}`)
}
