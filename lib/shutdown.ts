import { createLog } from "./log.ts"

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
    else log.error(`Stopping: ${why}`)
    try {
      await stop()
      log.info("Stopped")
      process.exit(code)
    } catch (error) {
      log.error("Could not stop cleanly", { error })
      process.exit(1)
    }
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end(signal, 0))
  return (reason) => void end(reason, 1)
}
