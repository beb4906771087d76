import { Elysia } from "elysia"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobOf, jobs } from "../../lib/jobs/index.ts"
import { runKey } from "../../lib/watched.ts"
import { allow } from "../access/allow.ts"
import { documentEvents } from "../documentation/events.ts"
import { HttpError } from "../errors.ts"
import { END, Follower } from "../events/follower.ts"
import { follow } from "../events/hub.ts"
import { NOTHING_BUT_A_STREAM, streamTo } from "../events/stream.ts"
import { refuseHead } from "../head.ts"

/** Runs, told of as they go. */
export const eventRoutes = new Elysia({ prefix: "/api/jobs" }).get(
  "/:queue/:id/events",
  ({ params, request }) => listenTo(jobOf(params.queue), params.id, request),
  allow("read", { hide: true }),
)

for (const job of jobs as readonly JobDefinition[]) {
  eventRoutes.get(
    `/${job.name}/:id/events`,
    ({ params, request }) => listenTo(job, params.id, request),
    allow("read", documentEvents(job), { queue: job.name }),
  )
}

async function listenTo(job: JobDefinition, id: string, request: Request) {
  refuseHead(request, NOTHING_BUT_A_STREAM)
  const after = request.headers.get("last-event-id") ?? undefined
  // Browsers come back when a stream ends, until they are told that there is nothing more.
  if (after === END) return new Response(null, { status: 204 })
  const join = await follow(runKey(job.name, id), () => new Follower(job, id))
  if (!join) throw new HttpError(404, `No run ${String(id).slice(0, 100)} on queue ${job.name}`)
  return streamTo(join, after)
}
