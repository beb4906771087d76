import { createLog } from "../log.ts"
import { within } from "../within.ts"
import { gauge, type Reading } from "./exposition.ts"

/** Milliseconds that a dependency has to answer a scrape. */
const PATIENCE = 2_000

/** Milliseconds for which what costs a billed command each time is told again. */
export const LOOK_KEPT = 10_000

/** A part of a scrape that somebody else has to be asked for. */
export type Part = () => Promise<string>

/** Asks parts of a scrape, none for longer than it may take; why one is missing is logged once. */
export function createAnswers() {
  const log = createLog("Metrics")
  const missing = new Set<string>()
  const answer = async (name: string, ask: Part): Promise<{ name: string; text?: string }> => {
    try {
      const text = await within(PATIENCE, name, ask())
      missing.delete(name)
      return { name, text }
    } catch (error) {
      if (!missing.has(name))
        log.warn(`The metrics of ${name} are missing`, { reason: (error as Error).message })
      missing.add(name)
      return { name }
    }
  }
  return async (parts: Record<string, Part>) => {
    const answers = await Promise.all(Object.entries(parts).map(([name, ask]) => answer(name, ask)))
    const up = answers.map(({ name, text }): Reading => [{ part: name }, text === undefined ? 0 : 1])
    const help = "Whether a part of this scrape could be had: 1, or 0 and its metrics are missing."
    return gauge("esteira_up", help, up) + answers.map(({ text = "" }) => text).join("")
  }
}
