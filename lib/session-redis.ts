import { EventEmitter } from "node:events"
import { isProduction } from "./log.ts"
import { sessionStore } from "./session/store.ts"
import { signingSecret } from "./signature.ts"

export { closeRedis } from "./queues.ts"

const DAY = 86_400

/** Seconds that a session lasts from its last use, unless its cookie says otherwise. */
const USUAL = DAY

/** What express-session keeps: the application's own fields, and the cookie. */
interface StoredSession {
  cookie: { expires?: Date | string | null; originalMaxAge?: number | null }
  [field: string]: unknown
}

/** A request as express-session hands it over, with what it has put on it. */
interface SessionRequest {
  session?: { constructor: unknown; cookie: { constructor: unknown } }
  sessionID?: string
  sessionStore?: unknown
}

type SessionClass = new (request: SessionRequest, session: StoredSession) => unknown
type CookieClass = new (cookie: StoredSession["cookie"]) => StoredSession["cookie"]
type Done = (error?: unknown) => void
type Found = (error: unknown, session?: StoredSession | null) => void

/** Sessions of an Express application in Redis: a store for express-session, over the connection of the queues. */
export const createRedisSessionStore = () => new RedisSessionStore()

/** What `session()` of express-session takes to keep its sessions in this store. Throws the sentence to show without SESSION_SECRET. */
export const getSessionConfig = (store: RedisSessionStore) => ({
  store,
  secret: signingSecret(),
  name: "sid",
  resave: false,
  saveUninitialized: false,
  rolling: true,
  // In production TLS ends before the application, and the proxy says that it was there.
  proxy: isProduction() ? true : undefined,
  cookie: { httpOnly: true, secure: isProduction(), sameSite: "lax" as const, maxAge: USUAL * 1_000 },
})

/** The store that express-session asks for, whose base class is its own: what that would bring is here. */
class RedisSessionStore extends EventEmitter {
  readonly #sessions = sessionStore<StoredSession>("application")

  /** Set by express-session: gives a request a new session. */
  generate!: (request: SessionRequest) => void

  get(id: string, done: Found) {
    this.#sessions.read(id).then((session) => done(null, session ?? null), done)
  }

  set(id: string, session: StoredSession, done: Done = ignore) {
    const seconds = secondsOf(session)
    const written = seconds > 0 ? this.#sessions.write(id, session, seconds) : this.#sessions.end(id)
    written.then(() => done(null), done)
  }

  touch(id: string, session: StoredSession, done: Done = ignore) {
    this.#sessions.touch(id, secondsOf(session)).then(() => done(null), done)
  }

  destroy(id: string, done: Done = ignore) {
    this.#sessions.end(id).then(() => done(null), done)
  }

  regenerate(request: SessionRequest, done: Done) {
    this.destroy(request.sessionID ?? "", (error) => {
      this.generate(request)
      done(error)
    })
  }

  load(id: string, done: (error?: unknown, session?: unknown) => void) {
    this.get(id, (error, session) => {
      if (error || !session) done(error ?? undefined)
      else done(null, this.createSession({ sessionID: id, sessionStore: this }, session))
    })
  }

  createSession(request: SessionRequest, session: StoredSession) {
    // Its classes are not exported: they are those of a session it makes.
    const sample: SessionRequest = { sessionStore: this }
    this.generate(sample)
    const Session = sample.session!.constructor as SessionClass
    const Cookie = sample.session!.cookie.constructor as CookieClass
    const { expires, originalMaxAge } = session.cookie
    const cookie = new Cookie(session.cookie)
    if (typeof expires === "string") cookie.expires = new Date(expires)
    if (originalMaxAge !== undefined) cookie.originalMaxAge = originalMaxAge
    const made = new Session(request, { ...session, cookie })
    request.session = made as NonNullable<SessionRequest["session"]>
    return made
  }
}

export type { RedisSessionStore }

const ignore: Done = () => undefined

/** Seconds until the cookie of a session expires; one without such a time ends with the browser, and here after a day without use. */
function secondsOf({ cookie: { expires } }: StoredSession) {
  return expires ? Math.ceil((new Date(expires).getTime() - Date.now()) / 1_000) : USUAL
}
