import { createLog, logEnv } from "../log.ts"
import type { CheckIn, openClient, Report } from "./client.ts"
import { sentryEnv } from "./env.ts"

let client: Awaited<ReturnType<typeof openClient>> | undefined

/** From here on report to Sentry, if the environment names one; Sentry's own code is loaded only then. */
export async function startReporting() {
  const { SENTRY_DSN, SENTRY_ENVIRONMENT, SENTRY_RELEASE, RAILWAY_GIT_COMMIT_SHA } = sentryEnv()
  if (SENTRY_DSN === undefined) return
  const { openClient } = await import("./client.ts")
  client = await openClient({
    dsn: SENTRY_DSN,
    environment: SENTRY_ENVIRONMENT ?? logEnv().NODE_ENV,
    release: SENTRY_RELEASE ?? RAILWAY_GIT_COMMIT_SHA,
  })
}

/** Report an error, and what `about` knows of it; `about` is called only if there is somebody to tell. Never throws. */
export function reportError(error: unknown, about: () => Report = () => ({})) {
  tell((client) => client.error(error, about()))
}

/** Report that a run of a schedule has begun or ended. Never throws. */
export function reportCheckIn(about: () => CheckIn) {
  tell((client) => client.checkIn(about()))
}

/** Wait for the reports under way, for two seconds at most, and report no more. */
export async function endReporting() {
  const ending = client
  client = undefined
  await ending?.end()
}

function tell(say: (to: NonNullable<typeof client>) => void) {
  if (client === undefined) return
  try {
    say(client)
  } catch (error) {
    createLog("Sentry").warn("A report could not be made", { error })
  }
}
