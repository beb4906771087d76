import { Elysia } from "elysia"
import { changePassword, findUserToLogIn, type User } from "../../db/users.ts"
import { createLog } from "../../lib/log.ts"
import { addressOf } from "../access/address.ts"
import { allowSession } from "../access/allow.ts"
import { auditAsked, auditDone } from "../access/audit.ts"
import { dropCookie, keepCookie, sessionIdOf } from "../access/cookie.ts"
import { countLogin, forgiveLogins } from "../access/login-limit.ts"
import { open } from "../access/open.ts"
import { checkOrigin } from "../access/origin.ts"
import { describeChange, identify, sessionOf } from "../access/principal.ts"
import { beginSession, endSession } from "../access/sessions.ts"
import { documentLogin, documentLogout, documentPassword, documentSession } from "../documentation/session.ts"
import { HttpError } from "../errors.ts"
import { loginRequest, passwordRequest } from "../login.ts"
import { parse } from "../parse.ts"
import { checkAside, hashAside } from "../passwords/thread.ts"
import { fromPostgres } from "../postgres.ts"

const AWAY = "PostgreSQL, which knows the users, does not answer: try again in a moment"

const log = createLog("API")

/** Log in, out, and change the password. */
export const sessionRoutes = new Elysia({ prefix: "/api/session" })
  .post("", ({ request, body, set }) => logIn(request, body, set.headers), open(documentLogin()))
  .get("", ({ request }) => ({ user: tell(sessionOf(request).user) }), allowSession(documentSession()))
  .delete(
    "",
    ({ request, set }) => logOut(request, set.headers),
    allowSession(documentLogout(), { action: "session.end" }),
  )
  .post(
    "/password",
    ({ request, body, set }) => renew(request, body, set.headers),
    allowSession(documentPassword(), { action: "password.change" }),
  )

type Headers = Record<string, string | number>

async function logIn(request: Request, body: unknown, headers: Headers) {
  checkOrigin(request, false)
  const asked = parse(loginRequest, body)
  const { email, password } = asked
  const user = await check(request, email, password)
  if (!user) throw new HttpError(401, "Wrong address or password")
  await forgiveLogins(email)
  await endSent(request)
  const actor = `user:${user.id}`
  const call = identify(request, { actor, scopes: new Set() }, String(headers["x-request-id"]))
  await auditAsked(request, call, "session.begin", actor)
  headers["set-cookie"] = keepCookie(await beginSession(user))
  await auditDone(request, 200)
  return { user: tell(user) }
}

/** Whoever has this address and password. As much is done when there is nobody. */
async function check(request: Request, email: string, password: string): Promise<User | undefined> {
  const address = addressOf(request)
  await countLogin(email, address)
  const found = await fromPostgres(findUserToLogIn(email), AWAY)
  const isRight = await checkAside(password, found?.passwordHash)
  if (!isRight) log.warn("Somebody has failed to log in", { email, address })
  return isRight ? found : undefined
}

/** The session a browser has sent along is not taken over, and ends. */
async function endSent(request: Request) {
  const sent = sessionIdOf(request.headers)
  if (sent) await endSession(sent)
}

async function logOut(request: Request, headers: Headers) {
  await endSession(sessionOf(request).id)
  headers["set-cookie"] = dropCookie()
  return { success: true, message: "You have logged out" }
}

async function renew(request: Request, body: unknown, headers: Headers) {
  const asked = parse(passwordRequest, body)
  const { id, user } = sessionOf(request)
  const { currentPassword, newPassword } = asked
  if (!(await check(request, user.email, currentPassword)))
    throw new HttpError(400, "The current password is another")
  await forgiveLogins(user.email)
  const hash = await hashAside(newPassword)
  const changed = await fromPostgres(changePassword(user, hash), AWAY)
  if (!changed) throw new HttpError(409, "The password was changed elsewhere meanwhile")
  describeChange(request, { target: `user:${user.id}` })
  await endSession(id)
  headers["set-cookie"] = keepCookie(await beginSession(changed))
  return { success: true, message: "The password is changed, and all other sessions have ended" }
}

const tell = ({ id, name, email, role }: User) => ({ id, name, email, role })
