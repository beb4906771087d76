const SECOND = 1_000
const HOUR = 3_600 * SECOND

/** Milliseconds to wait after each try; after the last it is given up, 16 hours in all. */
const WAITS = [5, 30, 120, 600, 1_800]
  .map((seconds) => seconds * SECOND)
  .concat([1, 2, 4, 8].map((hours) => hours * HOUR))

/** The longest that a push service may put off what it is to take, in milliseconds. */
const LONGEST_WAIT = 24 * HOUR

/** Milliseconds until a push is tried again that is not sent: at least as long as it was asked to wait; undefined when it is given up. */
export function waitAfter(attempt: number, asked = 0): number | undefined {
  const wait = WAITS[attempt - 1]
  return wait && Math.max(wait * (0.9 + Math.random() * 0.2), Math.min(asked, LONGEST_WAIT))
}
