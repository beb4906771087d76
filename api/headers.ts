/** Sent with every answer; a page that needs more sets its own policy. */
export const securityHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
}

/** The id a request is known by: the caller's or the platform's, if it is fit to be logged, or a new one. */
export function requestIdOf({ headers }: Request): string {
  const given = headers.get("x-request-id") ?? headers.get("x-railway-request-id")
  return given && /^[\w.:-]{1,100}$/.test(given) ? given : crypto.randomUUID()
}
