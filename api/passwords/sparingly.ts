import { setTimeout as wait } from "node:timers/promises"
import { HttpError } from "../errors.ts"

/** How many may wait. */
const LINE = 10

/** A pause after each, in multiples of the time it took. */
const REST = 1

let waiting = 0
let last: Promise<unknown> = Promise.resolve()

/**
 * Do what takes a processor for a moment, such as hashing a password: one at a time, with a pause after each, so that at most half
 * of one goes into it, however many ask. Throws 503 when too many wait already.
 */
export function sparingly<T>(work: () => Promise<T>): Promise<T> {
  if (waiting >= LINE)
    return Promise.reject(
      new HttpError(503, "Many are logging in: try again in a moment", { "retry-after": "5" }),
    )
  waiting++
  let took = 0
  const done = last.then(async () => {
    const began = performance.now()
    try {
      return await work()
    } finally {
      waiting--
      took = performance.now() - began
    }
  })
  const rest = () => wait(REST * took)
  last = done.then(rest, rest)
  return done
}
