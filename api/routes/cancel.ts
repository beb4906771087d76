import { Elysia } from "elysia"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { allow } from "../access/allow.ts"
import { actorOf, describeChange } from "../access/principal.ts"
import { cancelAnywhere } from "../cancel.ts"
import { documentCancel } from "../documentation/jobs.ts"
import { HttpError } from "../errors.ts"
import { parse } from "../parse.ts"
import { cancelRequest } from "../requests.ts"

/** Cancel runs. */
export const cancelRoutes = new Elysia({ prefix: "/api/jobs" }).post(
  "/:queue/:id/cancel",
  ({ params, body, request, status }) =>
    cancel(params.queue, params.id, body, request).then(({ code, ...answer }) => status(code, answer)),
  allow("operate", { hide: true }, { action: "run.cancel" }),
)

for (const { name } of jobs) {
  cancelRoutes.post(
    `/${name}/:id/cancel`,
    ({ params, body, request, status }) =>
      cancel(name, params.id, body, request).then(({ code, ...answer }) => status(code, answer)),
    allow("operate", documentCancel(name), { action: "run.cancel", queue: name }),
  )
}

const ANSWERS = {
  cancelled: { code: 200, success: true, status: "cancelled", message: "The run is cancelled" },
  cancelling: {
    code: 202,
    success: true,
    status: "cancelling",
    message: "The run is at work: its worker has been told, and ends it within seconds",
  },
} as const

async function cancel(queue: string, id: string, body: unknown, request: Request) {
  const job = jobOf(queue)
  const { reason } = parse(cancelRequest, body ?? {})
  const found = await cancelAnywhere(job, id, { actor: actorOf(request), reason })
  const run = `run ${String(id).slice(0, 100)} on queue ${job.name}`
  if (found === undefined) throw new HttpError(404, `No ${run}`)
  if (found === "ended") throw new HttpError(409, `Too late: ${run} has ended`)
  describeChange(request, { target: `${job.name}/${id}`, after: { status: found, reason } })
  return ANSWERS[found]
}
