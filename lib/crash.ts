import { createLog } from "./log.ts"
import { endReporting, reportError } from "./sentry/report.ts"

/** End the process with 1 on an error that nothing has caught, once it is logged and reported: the platform starts it anew. */
export function exitOnCrash() {
  const log = createLog("Process")
  let crashed = false
  const crash = (uncaught: string) => async (error: unknown) => {
    log.error("Stopping: nothing has caught an error", { error })
    reportError(error, () => ({ level: "fatal", uncaught }))
    if (crashed) return
    crashed = true
    await endReporting()
    process.exit(1)
  }
  process.on("uncaughtException", crash("uncaughtException"))
  process.on("unhandledRejection", crash("unhandledRejection"))
}
