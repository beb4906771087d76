import { Elysia } from "elysia"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { allow } from "../access/allow.ts"
import { askForRun } from "../ask.ts"
import { documentEnqueue, documentStatus } from "../documentation/jobs.ts"
import { HttpError } from "../errors.ts"
import { lookUpRun } from "../runs.ts"

/** Ask for runs and after them. Each job has routes of its own in the reference; the general ones take aliases too. */
export const jobRoutes = new Elysia({ prefix: "/api/jobs" })
  .post(
    "/:queue",
    ({ params, body, request, set }) => {
      set.status = 202
      return askForRun(jobOf(params.queue), body, request, set.headers as never)
    },
    allow("enqueue", { hide: true }),
  )
  .get("/:queue/:id", ({ params }) => show(params.queue, params.id), allow("read", { hide: true }))

for (const job of jobs as readonly JobDefinition[]) {
  jobRoutes
    .post(
      `/${job.name}`,
      ({ body, request, set }) => {
        set.status = 202
        return askForRun(job, body, request, set.headers as never)
      },
      allow("enqueue", documentEnqueue(job), { queue: job.name }),
    )
    .get(
      `/${job.name}/:id`,
      ({ params }) => show(job.name, params.id),
      allow("read", documentStatus(job), { queue: job.name }),
    )
}

async function show(queue: string, id: string) {
  const job = jobOf(queue)
  const run = await lookUpRun(job, id)
  if (!run) throw new HttpError(404, `No run ${String(id).slice(0, 100)} on queue ${job.name}`)
  return run
}
