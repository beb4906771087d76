import { pause } from "./pause.ts"

/** Milliseconds until a round is tried again for which Redis or PostgreSQL was away: what a round that could not be done asks for. */
export const OUTAGE = 1_000

/** Milliseconds that what is under way has to end when the worker stops. */
const TO_STOP = 5_000

/** Do rounds until stopped, the next so many milliseconds after each as it says, and at once when woken. */
export function keepRounds(round: () => Promise<number>) {
  const stopping = new AbortController()
  let sleeping = new AbortController()
  let isAwake = false

  const keep = async () => {
    while (!stopping.signal.aborted) {
      sleeping = new AbortController()
      isAwake = false
      const rest = await round()
      if (rest > 0 && !isAwake) await pause(rest, AbortSignal.any([sleeping.signal, stopping.signal]))
      // Woken by what will not go yet, it would try without a rest.
      else if (rest === OUTAGE) await pause(rest, stopping.signal)
    }
  }
  const kept = keep()
  return {
    /** There is something new to do. */
    wake() {
      isAwake = true
      sleeping.abort()
    },
    /** Begin no more rounds; resolves when this one and what it has begun have ended, or within seconds. */
    async stop(underWay: () => Promise<unknown> = async () => undefined) {
      stopping.abort()
      await Promise.race([kept.then(underWay), pause(TO_STOP)])
    },
  }
}
