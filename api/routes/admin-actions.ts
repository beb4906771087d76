import { Elysia } from "elysia"
import { jobOf } from "../../lib/jobs/index.ts"
import { allow } from "../access/allow.ts"
import { actorOf } from "../access/principal.ts"
import { clean, remove, retry, setPaused } from "../control/actions.ts"
import { retryAll } from "../control/retry-all.ts"
import { pause, resume, runNow } from "../control/schedule-actions.ts"
import * as pages from "../documentation/admin-actions.ts"
import { parse } from "../parse.ts"
import { cleanCompletedRequest, cleanFailedRequest } from "../requests/control.ts"
import { cancelRequest } from "../requests.ts"

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What operators do to queues, runs and schedules, in the words of the specification. */
export const adminActionRoutes = new Elysia({ prefix: "/api/admin/jobs" })
  .post(
    "/retry/:queueName/:jobId",
    ({ params, request }) => retry(jobOf(params.queueName), params.jobId, request),
    allow("operate", pages.documentRetry(), { action: "run.retry" }),
  )
  .post(
    "/retry-all/:queueName",
    ({ params, request }) => retryAll(jobOf(params.queueName), request),
    allow("operate", pages.documentRetryAll(), { action: "run.retry-all" }),
  )
  .delete(
    "/:queueName/:jobId",
    ({ params, request }) => remove(jobOf(params.queueName), params.jobId, request),
    allow("operate", pages.documentRemove(), { action: "run.remove" }),
  )
  .post(
    "/pause/:queueName",
    ({ params, request }) => setPaused(jobOf(params.queueName), true, request),
    allow("operate", pages.documentPause(), { action: "queue.pause" }),
  )
  .post(
    "/resume/:queueName",
    ({ params, request }) => setPaused(jobOf(params.queueName), false, request),
    allow("operate", pages.documentResume(), { action: "queue.resume" }),
  )
  .post(
    "/clean/completed/:queueName",
    ({ params, body, request }) => {
      const { olderThanHours } = parse(cleanCompletedRequest, body ?? {})
      return clean(jobOf(params.queueName), { state: "completed", olderThan: olderThanHours * HOUR }, request)
    },
    allow("operate", pages.documentCleanCompleted(), { action: "queue.clean" }),
  )
  .post(
    "/clean/failed/:queueName",
    ({ params, body, request }) => {
      const { olderThanDays } = parse(cleanFailedRequest, body ?? {})
      return clean(jobOf(params.queueName), { state: "failed", olderThan: olderThanDays * DAY }, request)
    },
    allow("operate", pages.documentCleanFailed(), { action: "queue.clean" }),
  )
  .post(
    "/schedules/:name/run",
    ({ params, request }) => runNow(params.name, request),
    allow("operate", pages.documentRunNow(), { action: "schedule.run", narrows: true }),
  )
  .post(
    "/schedules/:name/pause",
    ({ params, body, request }) => {
      const { reason } = parse(cancelRequest, body ?? {})
      return pause(params.name, { actor: actorOf(request), reason }, request)
    },
    allow("operate", pages.documentPauseSchedule(), { action: "schedule.pause", narrows: true }),
  )
  .post(
    "/schedules/:name/resume",
    ({ params, request }) => resume(params.name, actorOf(request), request),
    allow("operate", pages.documentResumeSchedule(), { action: "schedule.resume", narrows: true }),
  )
