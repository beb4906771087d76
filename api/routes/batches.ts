import { Elysia } from "elysia"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { allow } from "../access/allow.ts"
import { askForRuns } from "../ask.ts"
import { BATCH_LIMIT } from "../body.ts"
import { documentBatch } from "../documentation/jobs.ts"

/** Ask for many runs at once. */
export const batchRoutes = new Elysia({ prefix: "/api/jobs" }).post(
  "/:queue/batch",
  ({ params, body, request, set, status }) =>
    askForRuns(jobOf(params.queue), body, request, set.headers as never).then((asked) => status(202, asked)),
  allow("enqueue", { hide: true }, { bodyLimit: BATCH_LIMIT }),
)

for (const job of jobs as readonly JobDefinition[]) {
  batchRoutes.post(
    `/${job.name}/batch`,
    ({ body, request, set, status }) =>
      askForRuns(job, body, request, set.headers as never).then((asked) => status(202, asked)),
    allow("enqueue", documentBatch(job), { queue: job.name, bodyLimit: BATCH_LIMIT }),
  )
}
