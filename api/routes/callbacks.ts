import { Elysia } from "elysia"
import { type Delivery, findDeliveries, resendDelivery } from "../../db/webhook-deliveries.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { isRunId } from "../../lib/runs.ts"
import { allow } from "../access/allow.ts"
import { describeChange } from "../access/principal.ts"
import { documentCallbacks, documentResend } from "../documentation/callbacks.ts"
import { HttpError } from "../errors.ts"
import { fromPostgres } from "../postgres.ts"

/** What callers were told of their runs. */
export const callbackRoutes = new Elysia({ prefix: "/api/jobs" })
  .get(
    "/:queue/:id/callbacks",
    ({ params }) => list(jobOf(params.queue), params.id),
    allow("read", { hide: true }),
  )
  .post(
    "/:queue/:id/callbacks/:callback/resend",
    ({ params: { queue, id, callback }, request, status }) =>
      resend(jobOf(queue), id, callback, request).then((resent) => status(202, resent)),
    allow("operate", { hide: true }, { action: "callback.resend" }),
  )

for (const job of jobs as readonly JobDefinition[]) {
  callbackRoutes
    .get(
      `/${job.name}/:id/callbacks`,
      ({ params }) => list(job, params.id),
      allow("read", documentCallbacks(job.name), { queue: job.name }),
    )
    .post(
      `/${job.name}/:id/callbacks/:callback/resend`,
      ({ params: { id, callback }, request, status }) =>
        resend(job, id, callback, request).then((resent) => status(202, resent)),
      allow("operate", documentResend(job.name), { action: "callback.resend", queue: job.name }),
    )
}

const AWAY = "PostgreSQL, which knows what was delivered, does not answer: try again in a moment"

const NAME = /^msg_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

async function list({ name }: JobDefinition, id: string) {
  const deliveries = isRunId(id) ? await fromPostgres(findDeliveries(name, id), AWAY) : []
  return { callbacks: deliveries.map(tell) }
}

async function resend({ name: queue }: JobDefinition, runId: string, callback: string, request: Request) {
  const [, id] = NAME.exec(callback) ?? []
  const found = id && isRunId(runId) && (await fromPostgres(resendDelivery({ queue, runId, id }), AWAY))
  const which = `callback ${String(callback).slice(0, 100)}`
  if (!found) throw new HttpError(404, `No ${which} of run ${String(runId).slice(0, 100)} on queue ${queue}`)
  if (found === "busy") throw new HttpError(409, `The ${which} is being sent at this moment`)
  describeChange(request, { target: `${queue}/${runId}`, after: { callback, attempts: found.attempts } })
  return { success: true as const, message: "The callback is sent again in a moment", callback: tell(found) }
}

const tell = ({ id, url, status, attempts, log, createdAt, dueAt }: Delivery) => ({
  id: `msg_${id}`,
  url: shown(url),
  status,
  attempts,
  createdAt,
  nextAttemptAt: dueAt,
  log,
})

/** What follows a question mark may be a secret. */
const shown = (url: string) => url.replace(/[?#].*$/s, "")
