import { createLog } from "./log.ts"

/** On SIGTERM or SIGINT end in order and exit with 0; with 1 when that fails. Further signals change nothing. */
export function stopOnSignal(stop: () => Promise<void>) {
  const log = createLog("Process")
  let stopping = false
  const end = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info(`${signal}: stopping`)
    try {
      await stop()
      log.info("Stopped")
      process.exit(0)
    } catch (error) {
      log.error("Could not stop cleanly", { error })
      process.exit(1)
    }
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end(signal))
}
