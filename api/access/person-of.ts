import { findUser } from "../../db/users.ts"
import { PayloadError } from "../../lib/errors.ts"
import { HttpError } from "../errors.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { personQuery } from "../requests/notifications.ts"
import { callOf } from "./principal.ts"

const AWAY = "PostgreSQL, which knows the users, does not answer: try again in a moment"

/**
 * Whom a call to a route of `allowPerson` is about: whoever has logged in; somebody else for administrators and keys alone. Throws
 * 400 when a key names nobody, 403, and 404 when there is no such user.
 */
export async function personOf(request: Request, userId: number | undefined): Promise<number> {
  const { session, scopes } = callOf(request)!.principal
  if (session && (userId ?? session.user.id) === session.user.id) return session.user.id
  if (session && !scopes.has("admin")) throw new HttpError(403, "Forbidden: this is about somebody else")
  if (userId === undefined)
    throw new PayloadError("Bad request", [
      { path: "userId", message: "the id of whom it is about, since nobody has logged in" },
    ])
  if (!(await fromPostgres(findUser(userId), AWAY))) throw new HttpError(404, `No user ${userId}`)
  return userId
}

/** The same, of a query that says nothing else. */
export const personIn = (request: Request, query: unknown) =>
  personOf(request, parse(personQuery, query).userId)
