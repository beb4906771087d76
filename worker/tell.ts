import { createTell, type Tell } from "../lib/tell.ts"
import type { Try } from "./observer.ts"

const tells = new WeakMap<Try, Tell>()

/** Tells texts of a try without the personal data of its payload. Made when the first is there: most tries have none. */
export function tellOf(begun: Try): Tell {
  const tell = tells.get(begun) ?? createTell(begun.job.payload, begun.queued.data)
  tells.set(begun, tell)
  return tell
}
