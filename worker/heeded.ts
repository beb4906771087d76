import { PermanentError } from "../lib/errors.ts"
import type { ActiveRun } from "./active-run.ts"

/** Milliseconds that a processor has to heed its signal before its run ends without it. */
const GRACE = 5_000

/**
 * What comes of the work, unless its run is stopped for good and it does not heed that in time: then `ignored` is told, and
 * the reason stands for it. The work itself may go on, and nobody waits for it any more.
 */
export function heeded<T>(work: Promise<T>, active: ActiveRun, ignored: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    active.onStop = (reason) => {
      if (!(reason instanceof PermanentError)) return
      timer = setTimeout(() => {
        ignored()
        reject(reason)
      }, GRACE)
    }
    const settled = () => {
      active.onStop = undefined
      clearTimeout(timer)
    }
    work.then(
      (result) => {
        settled()
        resolve(result)
      },
      (error) => {
        settled()
        reject(error)
      },
    )
  })
}
