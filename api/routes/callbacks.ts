import { Elysia } from "elysia"
import { findDeliveries } from "../../db/webhook-deliveries.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { isRunId } from "../../lib/runs.ts"
import { allow } from "../access/allow.ts"
import { documentCallbacks } from "../documentation/callbacks.ts"
import { fromPostgres } from "../postgres.ts"

/** What callers were told of their runs. */
export const callbackRoutes = new Elysia({ prefix: "/api/jobs" }).get(
  "/:queue/:id/callbacks",
  ({ params }) => list(jobOf(params.queue), params.id),
  allow("read", { hide: true }),
)

for (const job of jobs as readonly JobDefinition[]) {
  callbackRoutes.get(
    `/${job.name}/:id/callbacks`,
    ({ params }) => list(job, params.id),
    allow("read", documentCallbacks(job.name), { queue: job.name }),
  )
}

const AWAY = "PostgreSQL, which knows what was delivered, does not answer: try again in a moment"

async function list({ name }: JobDefinition, id: string) {
  const deliveries = isRunId(id) ? await fromPostgres(findDeliveries(name, id), AWAY) : []
  return {
    callbacks: deliveries.map(({ id, url, status, attempts, log, createdAt, dueAt }) => ({
      id: `msg_${id}`,
      url: shown(url),
      status,
      attempts,
      createdAt,
      nextAttemptAt: dueAt,
      log,
    })),
  }
}

/** What follows a question mark may be a secret. */
const shown = (url: string) => url.replace(/[?#].*$/s, "")
