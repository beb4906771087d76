const SECOND = 1_000
const HOUR = 3_600 * SECOND

/** The longest that somebody may put off what they are told, in milliseconds. */
const LONGEST_WAIT = 24 * HOUR

/** Milliseconds to wait after each try to reach somebody outside: soon at first, then after so many hours each; after the last it is given up. */
export const waitsOf = (hours: number[]): readonly number[] =>
  [5, 30, 120, 600, 1_800].map((seconds) => seconds * SECOND).concat(hours.map((each) => each * HOUR))

/** Milliseconds until it is tried again after so many tries, at least as long as was asked for; undefined when it is given up. */
export function waitAfter(waits: readonly number[], tries: number, asked = 0): number | undefined {
  const wait = waits[tries - 1]
  return wait && Math.max(wait * (0.9 + Math.random() * 0.2), Math.min(asked, LONGEST_WAIT))
}
