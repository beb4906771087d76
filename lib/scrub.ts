import { redactText } from "./redact.ts"

/** A copy of plain data with every text in it redacted, or told as `tell` does; keys and numbers included. */
export function scrub(value: unknown, tell: (text: string) => string = redactText): unknown {
  if (typeof value === "string") return tell(value)
  if (typeof value === "number") return scrubNumber(value, tell)
  if (Array.isArray(value)) return value.map((item) => scrub(item, tell))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [tell(key), scrub(item, tell)]))
}

function scrubNumber(value: number, tell: (text: string) => string) {
  const text = String(value)
  const told = tell(text)
  return told === text ? value : told
}
