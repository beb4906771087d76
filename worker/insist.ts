import { createLog } from "../lib/log.ts"
import { pause } from "./pause.ts"

const FIRST_WAIT = 500
const LONGEST_WAIT = 30_000

/** How it is told in the log that something has to wait, and that it is done after all. */
export interface Told {
  source: string
  waits: string
  done: string
}

/** Try until it is done. What stands in its way is logged once, as long as it stays the same. */
export async function insist(
  act: () => Promise<unknown>,
  { source, waits, done }: Told,
  signal: AbortSignal,
) {
  const log = createLog(source)
  let said: string | undefined
  for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      await act()
      if (said !== undefined) log.info(done)
      return
    } catch (error) {
      const { message } = error as Error
      if (message !== said) log.warn(waits, { reason: message })
      said = message
      await pause(wait, signal)
    }
  }
}
