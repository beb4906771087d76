import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { toldRetryAll, toldSuccess } from "../control/told.ts"
import { cleanCompletedRequest, cleanFailedRequest } from "../requests/control.ts"
import { cancelRequest } from "../requests.ts"
import { errors, inPath, json } from "./parts.ts"

const tags = ["operators"]

const queueName = inPath("queueName")
const jobId = inPath("jobId")
const schedule = inPath("name")

interface Page {
  summary: string
  operationId: string
  parameters: ReturnType<typeof inPath>[]
  requestBody?: NonNullable<DocumentDecoration["requestBody"]>
  answer?: z.ZodType
  problems: Record<number, string>
}

const page = ({ answer = toldSuccess, problems, ...rest }: Page): DocumentDecoration => ({
  tags,
  ...rest,
  responses: {
    200: { description: "It is done", content: json(answer, "output") },
    ...errors(problems),
  },
})

const body = (schema: z.ZodType, example: unknown) => ({
  required: false,
  content: json(schema, "input", example),
})

const NO_QUEUE = { 400: "Invalid queue name" }
const NO_BODY = { 400: "Invalid queue name, or the body is not what is asked for" }
const NO_REDIS = { 503: "Redis does not answer" }
const NO_SCHEDULE = {
  404: "No such schedule: the answer lists those there are",
  503: "PostgreSQL does not answer",
}

/** The reference's page on trying a run once more. */
export const documentRetry = () =>
  page({
    summary: "Have a run that has failed, or was cancelled, tried once more",
    operationId: "retry",
    parameters: [queueName, jobId],
    problems: { ...NO_QUEUE, 404: "Job not found", 409: "The run has not failed", ...NO_REDIS },
  })

/** The reference's page on trying all failed runs once more. */
export const documentRetryAll = () =>
  page({
    summary: "Have every failed run of a queue tried once more: begun at once, done by the workers",
    operationId: "retry-all",
    parameters: [queueName],
    answer: toldRetryAll,
    problems: { ...NO_QUEUE, 503: "Redis or PostgreSQL does not answer" },
  })

/** The reference's page on removing a run. */
export const documentRemove = () =>
  page({
    summary: "Take a run out of its queue, with all that Redis holds of it",
    operationId: "remove",
    parameters: [queueName, jobId],
    problems: { ...NO_QUEUE, 404: "Job not found", 409: "A worker is at it", ...NO_REDIS },
  })

/** The reference's page on pausing a queue. */
export const documentPause = () =>
  page({
    summary: "Have no more runs of a queue taken; those under way go on",
    operationId: "pause-queue",
    parameters: [queueName],
    problems: { ...NO_QUEUE, ...NO_REDIS },
  })

/** The reference's page on resuming a queue. */
export const documentResume = () =>
  page({
    summary: "Have the runs of a paused queue taken again",
    operationId: "resume-queue",
    parameters: [queueName],
    problems: { ...NO_QUEUE, ...NO_REDIS },
  })

/** The reference's page on forgetting completed runs. */
export const documentCleanCompleted = () =>
  page({
    summary: "Have Redis forget runs that completed long ago; the ledger keeps them",
    operationId: "clean-completed",
    parameters: [queueName],
    requestBody: body(cleanCompletedRequest, { olderThanHours: 24 }),
    problems: { ...NO_BODY, ...NO_REDIS },
  })

/** The reference's page on forgetting failed runs. */
export const documentCleanFailed = () =>
  page({
    summary:
      "Have Redis forget runs that failed long ago: they cannot be retried then; the ledger keeps them",
    operationId: "clean-failed",
    parameters: [queueName],
    requestBody: body(cleanFailedRequest, { olderThanDays: 7 }),
    problems: { ...NO_BODY, ...NO_REDIS },
  })

/** The reference's page on running a schedule now. */
export const documentRunNow = () =>
  page({
    summary: "Ask for a run of a schedule as if now were a slot of it",
    operationId: "run-schedule",
    parameters: [schedule],
    answer: toldSuccess.extend({ jobId: z.uuid(), queue: z.string() }),
    problems: { ...NO_SCHEDULE, 503: "Redis or PostgreSQL does not answer" },
  })

/** The reference's page on pausing a schedule. */
export const documentPauseSchedule = () =>
  page({
    summary: "Let the slots of a schedule pass without runs",
    operationId: "pause-schedule",
    parameters: [schedule],
    requestBody: body(cancelRequest, { reason: "Nota Paraná is being rebuilt" }),
    problems: { 400: "The body is not what is asked for", ...NO_SCHEDULE },
  })

/** The reference's page on resuming a schedule. */
export const documentResumeSchedule = () =>
  page({
    summary: "Have a schedule ask for runs again, from its next slot on",
    operationId: "resume-schedule",
    parameters: [schedule],
    problems: NO_SCHEDULE,
  })
