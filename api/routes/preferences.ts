import { Elysia } from "elysia"
import { findPreferences, savePreferences } from "../../db/notification-preferences.ts"
import { cancelUnwanted } from "../../db/push-deliveries.ts"
import { PayloadError } from "../../lib/errors.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { allowPerson } from "../access/allow.ts"
import { personIn } from "../access/person-of.ts"
import { describeChange } from "../access/principal.ts"
import { documentPreferences, documentPreferencesChange } from "../documentation/preferences.ts"
import { HttpError } from "../errors.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { preferencesRequest } from "../requests/notifications.ts"

const AWAY = "PostgreSQL, which keeps the preferences, does not answer: try again in a moment"

const queue = notification.name

/** How people want to be told. */
export const preferenceRoutes = new Elysia({ prefix: "/api/notifications/preferences" })
  .get(
    "",
    ({ request, query }) => show(request, query),
    allowPerson("read", documentPreferences(), { queue }),
  )
  .put(
    "",
    ({ request, query, body }) => change(request, query, body),
    allowPerson("operate", documentPreferencesChange(), { action: "preferences.change", queue }),
  )

const show = async (request: Request, query: unknown) => await preferencesOf(await personIn(request, query))

async function change(request: Request, query: unknown, body: unknown) {
  const wanted = parse(preferencesRequest, body)
  const userId = await personIn(request, query)
  const before = await preferencesOf(userId)
  if (!(await fromPostgres(savePreferences(userId, wanted), AWAY)))
    throw new PayloadError("Bad request", [
      { path: "timeZone", message: "a zone that PostgreSQL knows, such as America/Sao_Paulo" },
    ])
  describeChange(request, { target: `user:${userId}`, before, after: wanted })
  await fromPostgres(cancelUnwanted(userId), AWAY)
  return await preferencesOf(userId)
}

async function preferencesOf(userId: number) {
  const preferences = await fromPostgres(findPreferences(userId), AWAY)
  if (!preferences) throw new HttpError(404, `No user ${userId}`)
  return preferences
}
