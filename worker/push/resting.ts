/** The longest that a push service is left alone for one answer, in milliseconds. */
const LONGEST = 15 * 60_000

const until = new Map<string, number>()

/** Leave the push service of a device alone for so many milliseconds, as it has asked to be. */
export function rest(endpoint: string, milliseconds: number) {
  until.set(new URL(endpoint).origin, Date.now() + Math.min(milliseconds, LONGEST))
}

/** The push services that this process leaves alone now, by the beginning of their URLs. */
export function resting(): string[] {
  const now = Date.now()
  for (const [service, end] of until) if (end <= now) until.delete(service)
  return [...until.keys()]
}
