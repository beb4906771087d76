import { type Context, Elysia } from "elysia"
import { auditDone } from "./access/audit.ts"
import { checkRules } from "./access/check-rules.ts"
import { authenticate } from "./authenticate.ts"
import { answerTo } from "./errors.ts"
import { requestIdOf, securityHeaders } from "./headers.ts"
import { checkPath } from "./routable.ts"
import { adminActionRoutes } from "./routes/admin-actions.ts"
import { adminJobRoutes } from "./routes/admin-jobs.ts"
import { auditRoutes } from "./routes/audit.ts"
import { backupRoutes } from "./routes/backups.ts"
import { batchRoutes } from "./routes/batches.ts"
import { bulkRoutes } from "./routes/bulk.ts"
import { callbackRoutes } from "./routes/callbacks.ts"
import { cancelRoutes } from "./routes/cancel.ts"
import { costRoutes } from "./routes/cost.ts"
import { deviceRoutes } from "./routes/devices.ts"
import { emailRoutes } from "./routes/emails.ts"
import { eventRoutes } from "./routes/events.ts"
import { exportRoutes } from "./routes/exports.ts"
import { feedRoutes } from "./routes/feeds.ts"
import { fileRoutes } from "./routes/files.ts"
import { healthRoutes } from "./routes/health.ts"
import { inboundRoutes } from "./routes/inbound.ts"
import { integrationRoutes } from "./routes/integrations.ts"
import { invoiceRoutes } from "./routes/invoices.ts"
import { jobRoutes } from "./routes/jobs.ts"
import { keyRoutes } from "./routes/keys.ts"
import { mailingRoutes } from "./routes/mailings.ts"
import { metricsRoutes } from "./routes/metrics.ts"
import { notificationRoutes } from "./routes/notifications.ts"
import { paymentReminderRoutes } from "./routes/payment-reminders.ts"
import { preferenceRoutes } from "./routes/preferences.ts"
import { priceSyncRoutes } from "./routes/price-syncs.ts"
import { reference } from "./routes/reference.ts"
import { reminderSettingsRoutes } from "./routes/reminder-settings.ts"
import { resendRoutes } from "./routes/resend.ts"
import { runRoutes } from "./routes/runs.ts"
import { sessionRoutes } from "./routes/session.ts"
import { unsubscribeRoutes } from "./routes/unsubscribe.ts"

/** The HTTP service: web-standard, so that Bun and Deno serve the same. */
export function createApp() {
  const app = new Elysia()
    .onRequest(admit)
    .onError(fail)
    .get("/", () => ({ service: "Esteira", reference: "/openapi", health: "/health", ready: "/ready" }), {
      detail: { hide: true },
    })
    .use(healthRoutes)
    .use(metricsRoutes)
    .use(fileRoutes)
    .use(feedRoutes)
    .use(inboundRoutes)
    .use(jobRoutes)
    .use(batchRoutes)
    .use(cancelRoutes)
    .use(callbackRoutes)
    .use(eventRoutes)
    .use(emailRoutes)
    .use(mailingRoutes)
    .use(resendRoutes)
    .use(unsubscribeRoutes)
    .use(notificationRoutes)
    .use(deviceRoutes)
    .use(preferenceRoutes)
    .use(priceSyncRoutes)
    .use(invoiceRoutes)
    .use(paymentReminderRoutes)
    .use(reminderSettingsRoutes)
    .use(adminJobRoutes)
    .use(adminActionRoutes)
    .use(costRoutes)
    .use(keyRoutes)
    .use(sessionRoutes)
    .use(auditRoutes)
    .use(runRoutes)
    .use(bulkRoutes)
    .use(backupRoutes)
    .use(exportRoutes)
    .use(integrationRoutes)
    .use(reference)
  checkRules(app.routes)
  return app
}

/**
 * What a hook takes; the path is the router's own, though Elysia's types leave it out. Elysia reads from a hook's source
 * what it needs: one that passed its context on would have the cookies and the query of every request parsed.
 */
type Incoming = Pick<Context, "request" | "set"> & { path?: string; route?: string }

function admit({ request, set, path = "" }: Incoming) {
  const requestId = requestIdOf(request)
  Object.assign(set.headers, securityHeaders, { "x-request-id": requestId })
  checkPath(path)
  return authenticate(request, path, requestId)
}

async function fail({
  error,
  code,
  request,
  set,
  path = "",
  route,
}: Incoming & { error: unknown; code: unknown }) {
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
  await auditDone(request, status)
  return body
}
