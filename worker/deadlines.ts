import { RunTimedOut } from "../lib/errors.ts"
import type { ActiveRun } from "./active-run.ts"

/** Stops the runs of a queue that take longer than so many milliseconds. All may take as long, so one timer does, set for the oldest. */
export function createDeadlines(active: Iterable<ActiveRun>, limit: number) {
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = () => {
    timer = undefined
    for (const run of active) {
      const left = run.startedAt + limit - performance.now()
      if (left > 0) {
        timer = setTimeout(look, left)
        return
      }
      run.stop(new RunTimedOut(`Timed out after ${limit} ms`))
    }
  }
  return {
    /** A run has begun. */
    watch() {
      timer ??= setTimeout(look, limit)
    },
    stop: () => clearTimeout(timer),
  }
}
