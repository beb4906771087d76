import type { Partners } from "../../partners/simulator.ts"
import type { PushSimulator } from "../../push/simulator.ts"
import type { ResendSimulator } from "../../resend/simulator.ts"

/** Those outside, who keep a record of what was done. */
export interface Outside {
  resend: ResendSimulator
  push: PushSimulator
  partners: Partners
}

/** Something that workers do while they are killed. */
export interface Load {
  name: string
  /** Ask for more of it. */
  ask(): Promise<unknown>
  /** How much of it is done; it grows with what is. */
  progress(): Promise<number>
  /** Whether all that was asked for is done. */
  isOver(): Promise<boolean>
  /** What was done twice or not at all, by the records outside and by the database. */
  faults(): Promise<string[]>
}

/** What was not found once, or was found and not wanted, with how often it was. */
export function notOnce(wanted: Iterable<string>, found: Iterable<string>): string[] {
  const once = new Set(wanted)
  const counts = new Map([...once].map((one) => [one, 0]))
  for (const one of found) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts]
    .filter(([one, count]) => count !== (once.has(one) ? 1 : 0))
    .map(([one, count]) => `${one}: ${count} times`)
}
