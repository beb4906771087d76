/** What the system says of a host that is away, or cannot be found or reached. */
export const NETWORK_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
])

/** The code of an error that has one, else nothing. */
export const codeOf = (error: Error) => ("code" in error ? String(error.code) : "")
