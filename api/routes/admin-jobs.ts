import { type Context, Elysia } from "elysia"
import type { Place } from "../../lib/control/ended-page.ts"
import { performanceOf } from "../../lib/control/performance.ts"
import { jobOf } from "../../lib/jobs/index.ts"
import { allow } from "../access/allow.ts"
import { jobsFor } from "../access/queues.ts"
import { toCursor } from "../control/cursor.ts"
import { checkHealth } from "../control/health.ts"
import { listFailed, listLog } from "../control/lists.ts"
import { detailsOf, listQueues, totals } from "../control/overview.ts"
import { tellRedis } from "../control/redis.ts"
import { runDetails } from "../control/run-details.ts"
import { tellSchedules } from "../control/schedules.ts"
import * as pages from "../documentation/admin-jobs.ts"
import { parse } from "../parse.ts"
import { failedQuery, logQuery, runQuery } from "../requests/control.ts"

const NARROWS = { narrows: true } as const

/** How things are with queues and runs, in the words of the specification. */
export const adminJobRoutes = new Elysia({ prefix: "/api/admin/jobs" })
  .get("/stats", ({ request }) => totals(jobsFor(request)), allow("read", pages.documentStats(), NARROWS))
  .get(
    "/queues",
    ({ request }) => listQueues(jobsFor(request)),
    allow("read", pages.documentQueues(), NARROWS),
  )
  .get(
    "/queue/:queueName",
    ({ params }) => detailsOf(jobOf(params.queueName)),
    allow("read", pages.documentQueue()),
  )
  .get(
    "/queue/:queueName/performance",
    ({ params }) => performanceOf(jobOf(params.queueName)),
    allow("read", pages.documentPerformance()),
  )
  .get(
    "/queue/:queueName/logs",
    ({ params, query, path, set }) => {
      const { limit, cursor } = parse(logQuery, query)
      return listLog(jobOf(params.queueName), { limit, after: cursor }).then(paged(path, limit, set))
    },
    allow("read", pages.documentLog()),
  )
  .get(
    "/failed",
    ({ query, path, set, request }) => {
      const { limit, cursor } = parse(failedQuery, query)
      return listFailed(jobsFor(request), { limit, after: cursor }).then(paged(path, limit, set))
    },
    allow("read", pages.documentFailed(), NARROWS),
  )
  .get(
    "/job/:queueName/:jobId",
    ({ params, query, request }) => {
      const { reveal } = parse(runQuery, query)
      return runDetails(jobOf(params.queueName), params.jobId, { reveal, request })
    },
    allow("read", pages.documentRun()),
  )
  .get(
    "/health",
    ({ request, status }) =>
      checkHealth(jobsFor(request)).then((health) =>
        status(health.redis.status === "unhealthy" ? 503 : 200, health),
      ),
    allow("read", pages.documentHealth(), NARROWS),
  )
  .get(
    "/scheduled",
    ({ request }) => tellSchedules(jobsFor(request)),
    allow("read", pages.documentScheduled(), NARROWS),
  )
  .get(
    "/redis",
    ({ status }) => tellRedis().then((redis) => status(redis.info.connected ? 200 : 503, redis)),
    allow("read", pages.documentRedis()),
  )

/** A page is a list and nothing else, as the specification has it: where the next is stands in a header (RFC 8288). */
const paged =
  (path: string, limit: number, set: Pick<Context["set"], "headers">) =>
  <Item>({ items, next }: { items: Item[]; next: Place | undefined }): Item[] => {
    if (next) set.headers.link = `<${path}?limit=${limit}&cursor=${toCursor(next)}>; rel="next"`
    return items
  }
