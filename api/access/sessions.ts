import { findUser, type User } from "../../db/users.ts"
import { randomToken } from "../../lib/random-token.ts"
import { sessionStore } from "../../lib/session/store.ts"
import { apiEnv } from "../env.ts"
import { LONGEST } from "./cookie.ts"
import type { Principal } from "./principal.ts"
import { remembered } from "./remembered.ts"

/** What is kept of a session. */
interface Session {
  userId: number
  credentials: number
  /** Milliseconds since 1970. */
  beganAt: number
}

const sessions = sessionStore<Session>("console")

const idleSeconds = () => apiEnv().SESSION_HOURS * 3_600

/** Begin a session of somebody who has shown their password, and return its id, which is always a new one. */
export async function beginSession({ id: userId, credentials }: User): Promise<string> {
  const id = randomToken()
  await sessions.write(id, { userId, credentials, beganAt: Date.now() }, idleSeconds())
  return id
}

/** End a session. */
export const endSession = (id: string) => sessions.end(id)

/**
 * Who has logged in with this session, which lasts from now on; undefined when nobody has. Throws 503 while PostgreSQL is away,
 * unless the user was known within the last five minutes; RedisUnavailable.
 */
export async function sessionHolder(id: string): Promise<Principal | undefined> {
  const session = await sessions.use(id, idleSeconds())
  if (!session) return undefined
  const user = await known(session.userId)
  const isGood = user?.credentials === session.credentials && Date.now() - session.beganAt < LONGEST * 1_000
  return user && isGood ? loggedIn(user, id) : undefined
}

const known = remembered(
  (id: number) => findUser(id),
  "PostgreSQL, which knows the users, does not answer: try again in a moment",
)

const loggedIn = (user: User, id: string): Principal => ({
  actor: `user:${user.id}`,
  scopes: new Set(user.role === "admin" ? (["admin"] as const) : []),
  session: { id, user },
})
