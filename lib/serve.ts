import { createLog } from "./log.ts"
import { reportError } from "./sentry/report.ts"

type Fetch = (request: Request) => Response | Promise<Response>

/** Serve with Bun, the same way in development and in production. */
export const serve = ({ fetch, port, hostname }: { fetch: Fetch; port: number; hostname: string }) =>
  Bun.serve({
    fetch,
    port,
    hostname,
    // Bun's own page for errors shows source to whoever asks.
    development: false,
    error: failed,
    // Else a second process would share the port unnoticed.
    reusePort: false,
    // Longer than a proxy in front keeps an idle connection, so that it is never used while it closes.
    idleTimeout: 75,
  })

function failed(error: Error) {
  createLog("HTTP").error("A request could not be answered", { error })
  reportError(error)
  return Response.json({ error: "Internal server error" }, { status: 500 })
}
