import { stringify } from "./log.ts"
import { REDACTED } from "./redact.ts"
import { scrub } from "./scrub.ts"
import type { Tell } from "./tell.ts"

/** A copy of a value, as far as JSON would have it, with all its texts told; errors stay errors. Never throws. */
export function tellAll(value: unknown, tell: Tell): unknown {
  try {
    return copy(value, tell, new Map())
  } catch {
    return REDACTED
  }
}

/** A copy of an error, of its kind, with its texts and those of its causes told. Never throws. */
export function tellError(error: Error, tell: Tell): Error {
  const told = tellAll(error, tell)
  return told instanceof Error ? told : new Error(REDACTED)
}

function copy(value: unknown, tell: Tell, copies: Map<Error, Error>): unknown {
  if (value instanceof Error) return copies.get(value) ?? copyError(value, tell, copies)
  if (typeof value !== "object" || value === null) return scrub(value, tell)
  return scrub(JSON.parse(stringify({ value }, (text) => text)).value, tell)
}

function copyError(error: Error, tell: Tell, copies: Map<Error, Error>): Error {
  const told: Error = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error))
  // An error may be its own cause.
  copies.set(error, told)
  const { name, message, stack, cause, errors } = error as AggregateError
  const parts = {
    name,
    message: tell(message),
    stack: stack && tellStack(stack, tell),
    ...(cause ? { cause: copy(cause, tell, copies) } : {}),
    ...(Array.isArray(errors) ? { errors: errors.map((part) => copy(part, tell, copies)) } : {}),
  }
  for (const [key, value] of Object.entries(parts))
    Object.defineProperty(told, key, { value, configurable: true, writable: true })
  return told
}

const FRAME = /(\n[ \t]{1,8}at [^\n]*:\d{1,9}:\d{1,9}\)?(?=\n|$))/

/** The lines that say where in the code it was are nobody's, and what groups errors. */
const tellStack = (stack: string, tell: Tell) =>
  stack
    .split(FRAME)
    .map((part, place) => (place % 2 ? part : tell(part)))
    .join("")
