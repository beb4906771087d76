import { redactText } from "../redact.ts"

/** A copy of what is about to leave, with every text in it redacted, keys included. */
export function scrub(value: unknown): unknown {
  if (typeof value === "string") return redactText(value)
  if (Array.isArray(value)) return value.map(scrub)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redactText(key), scrub(item)]))
}
