import { Elysia } from "elysia"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { allow } from "../access/allow.ts"
import { revealed } from "../access/reveal.ts"
import { askForRun } from "../ask.ts"
import { documentEnqueue, documentStatus } from "../documentation/jobs.ts"
import { HttpError } from "../errors.ts"
import { parse } from "../parse.ts"
import { runQuery } from "../requests/control.ts"
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
  .get(
    "/:queue/:id",
    ({ params, query, request }) => show(jobOf(params.queue), params.id, query, request),
    allow("read", { hide: true }),
  )

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
      ({ params, query, request }) => show(job, params.id, query, request),
      allow("read", documentStatus(job), { queue: job.name }),
    )
}

/** What became of a run: without personal data, unless an admin asks for it. */
async function show(job: JobDefinition, id: string, query: unknown, request: Request) {
  const { reveal } = parse(runQuery, query)
  const look = async () => {
    const run = await lookUpRun(job, id, { reveal })
    if (!run) throw new HttpError(404, `No run ${id.slice(0, 100)} on queue ${job.name}`)
    return run
  }
  return reveal ? await revealed(request, `${job.name}/${id}`, look) : await look()
}
