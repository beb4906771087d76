import { Elysia } from "elysia"
import { authenticate } from "./authenticate.ts"
import { readJson } from "./body.ts"
import { answerTo } from "./errors.ts"
import { requestIdOf, securityHeaders } from "./headers.ts"
import { cancelRoutes } from "./routes/cancel.ts"
import { healthRoutes } from "./routes/health.ts"
import { jobRoutes } from "./routes/jobs.ts"
import { reference } from "./routes/reference.ts"

/** The HTTP service: web-standard, so that Bun and Deno serve the same. */
export const createApp = () =>
  new Elysia()
    .onRequest((context) => {
      const { request, set } = context
      Object.assign(set.headers, securityHeaders, { "x-request-id": requestIdOf(request) })
      authenticate(request, routedPath(context))
    })
    .onParse(({ request }) => readJson(request))
    .onError((context) => {
      const { error, code, request, set } = context
      const requestId = set.headers["x-request-id"] ?? requestIdOf(request)
      const asked = `${request.method} ${routedPath(context)}`
      const { status, body, headers } = answerTo(error, { code, asked, requestId })
      set.status = status
      Object.assign(set.headers, headers)
      return body
    })
    .get("/", () => ({ service: "Esteira", reference: "/openapi", health: "/health", ready: "/ready" }), {
      detail: { hide: true },
    })
    .use(healthRoutes)
    .use(jobRoutes)
    .use(cancelRoutes)
    .use(reference)

/** The path as the router has it; Elysia sets it, though its type of this context does not say so. */
const routedPath = (context: object) => ("path" in context ? String(context.path) : "")
