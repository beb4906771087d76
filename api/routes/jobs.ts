import { Elysia } from "elysia"
import { enqueue, problemsOf } from "../../lib/enqueue.ts"
import { PayloadError } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { allow } from "../access/allow.ts"
import { actorOf } from "../access/principal.ts"
import { documentEnqueue, documentStatus } from "../documentation/jobs.ts"
import { HttpError } from "../errors.ts"
import { outbox } from "../outbox.ts"
import { enqueueRequest } from "../requests.ts"
import { lookUpRun } from "../runs.ts"

/** Ask for runs and after them. Each job has routes of its own in the reference; the general ones take aliases too. */
export const jobRoutes = new Elysia({ prefix: "/api/jobs" })
  .post(
    "/:queue",
    ({ params, body, request, status }) =>
      ask(params.queue, body, actorOf(request)).then((run) => status(202, run)),
    allow("enqueue", { hide: true }),
  )
  .get("/:queue/:id", ({ params }) => show(params.queue, params.id), allow("read", { hide: true }))

for (const job of jobs as readonly JobDefinition[]) {
  jobRoutes
    .post(
      `/${job.name}`,
      ({ body, request, status }) => ask(job.name, body, actorOf(request)).then((run) => status(202, run)),
      allow("enqueue", documentEnqueue(job), { queue: job.name }),
    )
    .get(
      `/${job.name}/:id`,
      ({ params }) => show(job.name, params.id),
      allow("read", documentStatus(job), { queue: job.name }),
    )
}

async function ask(queue: string, body: unknown, askedBy: string) {
  const job = jobOf(queue)
  const asked = enqueueRequest.safeParse(body)
  if (!asked.success) throw new PayloadError("Bad request", problemsOf(asked.error))

  const run = await enqueue(job, asked.data.data as never, asked.data.options, { askedBy, outbox })
  return {
    jobId: run.id,
    queue: run.queue,
    status: run.status,
    statusUrl: `/api/jobs/${run.queue}/${run.id}`,
  }
}

async function show(queue: string, id: string) {
  const job = jobOf(queue)
  const run = await lookUpRun(job, id)
  if (!run) throw new HttpError(404, `No run ${String(id).slice(0, 100)} on queue ${job.name}`)
  return run
}
