import { isApiKey } from "../lib/api-key.ts"
import { digestOf } from "../lib/digest.ts"
import { sessionIdOf } from "./access/cookie.ts"
import { keyHolder } from "./access/key-ring.ts"
import { isOpen } from "./access/open.ts"
import { checkOrigin } from "./access/origin.ts"
import { ADMIN, identify, type Principal } from "./access/principal.ts"
import { sessionHolder } from "./access/sessions.ts"
import { apiEnv } from "./env.ts"
import { HttpError } from "./errors.ts"

/** Pages a browser opens: it is asked for the key as the password of HTTP Basic. Never routes that change something. */
const PAGES = /^\/(?:openapi(?:\/|$)|api\/admin\/emails\/)/

/**
 * Remembers who sent a request; a promise only when that has to be asked for. Throws 401 unless the request may go on: every
 * route needs somebody that is not listed as open.
 */
export function authenticate(request: Request, path: string, requestId: string): undefined | Promise<void> {
  if (isOpen(request.method, path)) return undefined
  const isPage = PAGES.test(path)
  const authorization = request.headers.get("authorization")
  const holder = authorization === null ? whoHasLoggedIn(request) : whoHas(keyOf(authorization, isPage))
  const admit = (principal: Principal | undefined) => {
    if (!principal) throw unauthorized(isPage)
    identify(request, principal, requestId)
  }
  if (holder instanceof Promise) return holder.then(admit)
  admit(holder)
  return undefined
}

/** For who has no key and no session that is valid. `isPage`: a browser asks for a key. */
export const unauthorized = (isPage: boolean) =>
  new HttpError(401, "Unauthorized", {
    "www-authenticate": isPage ? 'Basic realm="Esteira: any name, and an API key as password"' : "Bearer",
  })

function keyOf(authorization: string, isPage: boolean): string | undefined {
  const [, scheme = "", credentials = ""] = /^(\w+) +(\S+) *$/.exec(authorization) ?? []
  if (/^bearer$/i.test(scheme)) return credentials
  if (isPage && /^basic$/i.test(scheme))
    return Buffer.from(credentials, "base64")
      .toString()
      .replace(/^[^:]*:/, "")
  return undefined
}

let adminDigest: string | undefined

function whoHas(key: string | undefined) {
  if (key === undefined) return undefined
  adminDigest ??= digestOf(apiEnv().ADMIN_API_KEY)
  const digest = digestOf(key)
  if (digest === adminDigest) return ADMIN
  return isApiKey(key) ? keyHolder(digest) : undefined
}

function whoHasLoggedIn(request: Request) {
  const id = sessionIdOf(request.headers)
  if (id === undefined) return undefined
  checkOrigin(request, true)
  return sessionHolder(id)
}
