import { createLog } from "./log.ts"
import { endReporting, reportError } from "./sentry/report.ts"

/**
 * On SIGTERM or SIGINT end in order and exit with 0; with 1 when that fails. Further signals change nothing.
 * Returned is the same for a process that has to end for a reason of its own: it exits with 1.
 */
export function stopOnSignal(stop: () => Promise<void>): (reason: string) => void {
  const log = createLog("Process")
  let stopping = false
  const end = async (why: string, code: number) => {
    if (stopping) return
    stopping = true
    if (code === 0) log.info(`${why}: stopping`)
    else {
      log.error(`Stopping: ${why}`)
      reportError(new Error(why), () => ({ level: "fatal" }))
    }
    try {
      await stop()
      log.info("Stopped")
    } catch (error) {
      code = 1
      log.error("Could not stop cleanly", { error })
      reportError(error)
    }
    await endReporting()
    process.exit(code)
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end(signal, 0))
  return (reason) => void end(reason, 1)
}
