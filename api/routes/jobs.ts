import { Elysia } from "elysia"
import { isDatabaseAway } from "../../db/errors.ts"
import { findRecordedRun } from "../../db/runs.ts"
import { enqueue, problemsOf } from "../../lib/enqueue.ts"
import { PayloadError } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { createLog } from "../../lib/log.ts"
import { findRun, isRunId } from "../../lib/runs.ts"
import { within } from "../../lib/within.ts"
import { documentEnqueue, documentStatus } from "../documentation.ts"
import { HttpError } from "../errors.ts"
import { enqueueRequest } from "../requests.ts"

/** Milliseconds PostgreSQL has to answer before it counts as away. */
const POSTGRES_PATIENCE = 2_000

const AWAY = "Redis does not hold the run, and PostgreSQL, which may, does not answer: try again in a moment"

const log = createLog("API")

/** Ask for runs and after them. Each job has routes of its own in the reference; the general ones take aliases too. */
export const jobRoutes = new Elysia({ prefix: "/api/jobs" })
  .post("/:queue", ({ params, body, status }) => ask(params.queue, body).then((run) => status(202, run)), {
    detail: { hide: true },
  })
  .get("/:queue/:id", ({ params }) => show(params.queue, params.id), { detail: { hide: true } })

for (const job of jobs as readonly JobDefinition[]) {
  jobRoutes
    .post(`/${job.name}`, ({ body, status }) => ask(job.name, body).then((run) => status(202, run)), {
      detail: documentEnqueue(job),
    })
    .get(`/${job.name}/:id`, ({ params }) => show(job.name, params.id), { detail: documentStatus(job) })
}

async function ask(queue: string, body: unknown) {
  const job = jobOf(queue)
  const asked = enqueueRequest.safeParse(body)
  if (!asked.success) throw new PayloadError("Bad request", problemsOf(asked.error))

  const run = await enqueue(job, asked.data.data as never, asked.data.options)
  return {
    jobId: run.id,
    queue: run.queue,
    status: run.status,
    statusUrl: `/api/jobs/${run.queue}/${run.id}`,
  }
}

async function show(queue: string, id: string) {
  const job = jobOf(queue)
  const run = (await findRun(job, id)) ?? (await findEnded(job, id))
  if (!run) throw new HttpError(404, `No run ${String(id).slice(0, 100)} on queue ${job.name}`)
  return run
}

/** A run that Redis holds no longer, from the ledger. */
async function findEnded(job: JobDefinition, id: string) {
  if (!isRunId(id)) return undefined
  try {
    return await within(POSTGRES_PATIENCE, "PostgreSQL", findRecordedRun(job.name, id))
  } catch (error) {
    if (!isDatabaseAway(error) && (error as Error).name !== "TimeoutError") throw error
    log.warn("Could not look for a run in the ledger", { reason: (error as Error).message })
    throw new HttpError(503, AWAY, { "retry-after": "5" })
  }
}
