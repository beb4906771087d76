import { isProduction } from "../../lib/log.ts"

/** Seconds that a browser keeps a session at most, used or not. */
export const LONGEST = 30 * 86_400

/** Longest header that is looked into. */
const MOST = 16_384

/** In production the name itself has browsers refuse it from anywhere but this host over TLS. */
const cookieName = () => (isProduction() ? "__Host-session" : "session")

/** The id of the session that a browser sends; undefined also when it sends several, one of which somebody has planted. */
export function sessionIdOf(headers: Headers): string | undefined {
  const sent = headers.get("cookie")
  if (sent === null || sent.length > MOST) return undefined
  const prefix = `${cookieName()}=`
  const values = sent
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length))
  return values.length === 1 && /^[\w-]{43}$/.test(values[0]!) ? values[0] : undefined
}

/** What has a browser keep a session. */
export const keepCookie = (id: string) => `${cookieName()}=${id}; Max-Age=${LONGEST}; ${attributes()}`

/** What has a browser forget it. */
export const dropCookie = () => `${cookieName()}=; Max-Age=0; ${attributes()}`

// Without TLS, as on localhost in development, a browser would not send one that is Secure.
const attributes = () => `Path=/; HttpOnly; SameSite=Lax${isProduction() ? "; Secure" : ""}`
