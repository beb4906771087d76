import { ConfigurationError } from "./errors.ts"
import { flushLines } from "./lines.ts"
import { endReporting, reportError } from "./sentry/report.ts"

/** Run what a process is for; when it cannot start, say why and exit with 1. */
export async function boot(main: () => Promise<void>) {
  try {
    await main()
  } catch (error) {
    const isExpected = error instanceof ConfigurationError
    flushLines()
    console.error(isExpected ? error.message : error)
    if (!isExpected) reportError(error, () => ({ level: "fatal" }))
    await endReporting()
    process.exit(1)
  }
}
