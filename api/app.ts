import { type Context, Elysia } from "elysia"
import { authenticate } from "./authenticate.ts"
import { readJson } from "./body.ts"
import { answerTo } from "./errors.ts"
import { requestIdOf, securityHeaders } from "./headers.ts"
import { backupRoutes } from "./routes/backups.ts"
import { cancelRoutes } from "./routes/cancel.ts"
import { emailRoutes } from "./routes/emails.ts"
import { fileRoutes } from "./routes/files.ts"
import { healthRoutes } from "./routes/health.ts"
import { jobRoutes } from "./routes/jobs.ts"
import { priceSyncRoutes } from "./routes/price-syncs.ts"
import { reference } from "./routes/reference.ts"

/** The HTTP service: web-standard, so that Bun and Deno serve the same. */
export const createApp = () =>
  new Elysia()
    .onRequest(admit)
    .onParse(({ request }) => readJson(request))
    .onError(fail)
    .get("/", () => ({ service: "Esteira", reference: "/openapi", health: "/health", ready: "/ready" }), {
      detail: { hide: true },
    })
    .use(healthRoutes)
    .use(fileRoutes)
    .use(jobRoutes)
    .use(cancelRoutes)
    .use(emailRoutes)
    .use(priceSyncRoutes)
    .use(backupRoutes)
    .use(reference)

/**
 * What a hook takes; the path is the router's own, though Elysia's types leave it out. Elysia reads from a hook's source
 * what it needs: one that passed its context on would have the cookies and the query of every request parsed.
 */
type Incoming = Pick<Context, "request" | "set"> & { path?: string; route?: string }

function admit({ request, set, path = "" }: Incoming) {
  Object.assign(set.headers, securityHeaders, { "x-request-id": requestIdOf(request) })
  authenticate(request, path)
}

function fail({ error, code, request, set, path = "", route }: Incoming & { error: unknown; code: unknown }) {
  const requestId = String(set.headers["x-request-id"] ?? requestIdOf(request))
  const { method } = request
  const { status, body, headers } = answerTo(error, {
    code,
    asked: `${method} ${path}`,
    route: route && `${method} ${route}`,
    requestId,
  })
  set.status = status
  Object.assign(set.headers, headers)
  return body
}
