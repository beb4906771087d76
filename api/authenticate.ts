import { secretMatcher } from "../lib/secret.ts"
import { identify, type Principal } from "./access/principal.ts"
import { apiEnv } from "./env.ts"
import { HttpError } from "./errors.ts"

/** Routes that ask for no key; a link to a file is one itself. */
const OPEN = /^\/(?:health|ready|files\/[^/]+)?$/

/** Whoever has the key of the environment. */
const ADMIN: Principal = { actor: "admin", scopes: new Set(["admin"]) }

/** Pages a browser opens: it is asked for the key as the password of HTTP Basic. Never routes that change something. */
const PAGES = /^\/(?:openapi(?:\/|$)|api\/admin\/emails\/)/

/**
 * Throws 401 unless the request may go on. Every route needs a key that is not listed as open.
 * `path` is the router's own: told from the URL again it can differ, and what one calls open the other routes elsewhere.
 */
export function authenticate(request: Request, path: string) {
  if (OPEN.test(path)) return
  const page = PAGES.test(path)
  const key = keyOf(request.headers.get("authorization") ?? "", page)
  if (key !== undefined && isAdmin(key)) {
    identify(request, ADMIN)
    return
  }
  throw new HttpError(401, "Unauthorized", {
    "www-authenticate": page ? 'Basic realm="Esteira: any name, and an API key as password"' : "Bearer",
  })
}

function keyOf(authorization: string, page: boolean): string | undefined {
  const [, scheme = "", credentials = ""] = /^(\w+) +(\S+) *$/.exec(authorization) ?? []
  if (/^bearer$/i.test(scheme)) return credentials
  if (page && /^basic$/i.test(scheme))
    return Buffer.from(credentials, "base64")
      .toString()
      .replace(/^[^:]*:/, "")
  return undefined
}

let matchesAdmin: ReturnType<typeof secretMatcher> | undefined

function isAdmin(key: string) {
  matchesAdmin ??= secretMatcher(apiEnv().ADMIN_API_KEY)
  return matchesAdmin(key)
}
