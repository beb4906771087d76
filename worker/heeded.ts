import { PermanentError } from "../lib/errors.ts"

/** Milliseconds that a processor has to heed its signal before its run ends without it. */
const GRACE = 5_000

/**
 * What comes of the work, unless it is stopped for good and does not heed that in time: then `ignored` is told, and the
 * reason stands for it. The work itself may go on, and nobody waits for it any more.
 */
export function heeded<T>(work: Promise<T>, signal: AbortSignal, ignored: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stopped = () => {
      if (!(signal.reason instanceof PermanentError)) return
      timer = setTimeout(() => {
        ignored()
        reject(signal.reason)
      }, GRACE)
    }
    const settled = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", stopped)
    }
    signal.addEventListener("abort", stopped, { once: true })
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
