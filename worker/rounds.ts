import { pause } from "./pause.ts"

/** What a round asks for instead of a rest for which Redis or PostgreSQL was away, or which has failed. */
export const OUTAGE = "outage"

/** Milliseconds until such a round is tried again: woken by what will not go yet, it would try without a rest. */
const TO_RECOVER = 1_000

/** Milliseconds that what is under way has to end when the worker stops. */
const TO_STOP = 5_000

/** Milliseconds until there is something to do. */
export type Rest = number | typeof OUTAGE

/** Do rounds until stopped, the next so many milliseconds after each as it says, and at once when woken. */
export function keepRounds(round: () => Promise<Rest>) {
  const stopping = new AbortController()
  let sleeping = new AbortController()

  const keep = async () => {
    while (!stopping.signal.aborted) {
      sleeping = new AbortController()
      const rest = await round()
      if (rest === OUTAGE) await pause(TO_RECOVER, stopping.signal)
      else if (rest > 0) await pause(rest, AbortSignal.any([sleeping.signal, stopping.signal]))
    }
  }
  const kept = keep()
  return {
    /** There is something new to do. */
    wake: () => sleeping.abort(),
    /** Begin no more rounds; resolves when this one and what it has begun have ended, or within seconds. */
    async stop(underWay: () => Promise<unknown> = async () => undefined) {
      stopping.abort()
      await Promise.race([kept.then(underWay), pause(TO_STOP)])
    },
  }
}
