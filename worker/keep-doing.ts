import { insist, type Told } from "./insist.ts"
import { pause } from "./pause.ts"

/** Milliseconds that what is under way has to end when the worker stops: what is not done then is done by another, or at the next start. */
const TO_STOP = 2_000

/** Do something at once and again so many milliseconds after each time, trying until it is done, until stopped. */
export function keepDoing(act: () => Promise<unknown>, told: Told, every: number) {
  const stopping = new AbortController()
  const { signal } = stopping
  const keep = async () => {
    do await insist(act, told, signal)
    while (await pause(every, signal))
  }
  const kept = keep()
  return {
    /** Resolves when nothing is under way, or within seconds: what PostgreSQL has not committed then has not been done. */
    async stop() {
      stopping.abort()
      await Promise.race([kept, pause(TO_STOP)])
    },
  }
}
