import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { like } from "../../lib/like.ts"
import { schedulesOf } from "../../lib/schedules/declared.ts"
import { UnknownSchedule } from "../../lib/schedules/unknown.ts"
import { toldRetryAll, toldSuccess } from "../control/told.ts"
import { cleanCompletedRequest, cleanFailedRequest } from "../requests/control.ts"
import { cancelRequest } from "../requests.ts"
import { errors } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { json } from "./json.ts"
import { inPath } from "./parts.ts"

const tags = ["operators"]

const queueName = inPath("queueName")
const jobId = inPath("jobId")
const schedule = inPath("name")

interface Page {
  summary: string
  operationId: string
  parameters: ReturnType<typeof inPath>[]
  requestBody?: NonNullable<DocumentDecoration["requestBody"]>
  answer: z.ZodType
  problems: Parameters<typeof errors>[0]
}

const page = ({ answer, problems, ...rest }: Page): DocumentDecoration => ({
  tags,
  ...rest,
  responses: {
    200: { description: "It is done", content: json(answer, "output") },
    ...errors(problems),
  },
})

const did = (message: string, count?: number) =>
  like(toldSuccess, { success: true, message, ...(count !== undefined && { count }) })

const body = (schema: z.ZodType, example: unknown) => ({
  required: false,
  content: json(schema, "input", example),
})

const INVALID = "Invalid queue name"
const NO_QUEUE = { 400: [INVALID, INVALID] } as const
const NO_BODY = { 400: ["Invalid queue name, or the body is not what is asked for", INVALID] } as const
const NO_RUN = "Job not found"
const NO_REDIS = { 503: "Redis does not answer" }
const NO_SCHEDULE = {
  404: [
    "No such schedule: the answer lists those there are",
    new UnknownSchedule(
      "daily",
      schedulesOf()
        .map(({ name }) => name)
        .sort(),
    ).message,
  ],
  503: "PostgreSQL does not answer",
} as const

/** The reference's page on trying a run once more. */
export const documentRetry = () =>
  page({
    summary: "Have a run that has failed, or was cancelled, tried once more",
    operationId: "retry",
    parameters: [queueName, jobId],
    answer: did(`Run ${RUN_ID} on queue email is tried once more`),
    problems: {
      ...NO_QUEUE,
      404: [NO_RUN, NO_RUN],
      409: [
        "The run has not failed",
        `Only a run that has failed can be retried: ${RUN_ID} on queue email is completed`,
      ],
      ...NO_REDIS,
    },
  })

/** The reference's page on trying all failed runs once more. */
export const documentRetryAll = () =>
  page({
    summary: "Have every failed run of a queue tried once more: begun at once, done by the workers",
    operationId: "retry-all",
    parameters: [queueName],
    answer: like(toldRetryAll, {
      success: true,
      message: "The failed runs on queue email are retried, one after the other: 3",
      count: 3,
      operation: 12,
      statusUrl: "/api/admin/bulk/12",
    }),
    problems: { ...NO_QUEUE, 503: "Redis or PostgreSQL does not answer" },
  })

/** The reference's page on removing a run. */
export const documentRemove = () =>
  page({
    summary: "Take a run out of its queue, with all that Redis holds of it",
    operationId: "remove",
    parameters: [queueName, jobId],
    answer: did(`Run ${RUN_ID} is removed from queue email`),
    problems: {
      ...NO_QUEUE,
      404: [NO_RUN, NO_RUN],
      409: [
        "A worker is at it",
        `A worker is at run ${RUN_ID} on queue email: cancel it first, or wait for its end`,
      ],
      ...NO_REDIS,
    },
  })

/** The reference's page on pausing a queue. */
export const documentPause = () =>
  page({
    summary: "Have no more runs of a queue taken; those under way go on",
    operationId: "pause-queue",
    parameters: [queueName],
    answer: did("Queue email is paused"),
    problems: { ...NO_QUEUE, ...NO_REDIS },
  })

/** The reference's page on resuming a queue. */
export const documentResume = () =>
  page({
    summary: "Have the runs of a paused queue taken again",
    operationId: "resume-queue",
    parameters: [queueName],
    answer: did("Queue email is resumed"),
    problems: { ...NO_QUEUE, ...NO_REDIS },
  })

/** The reference's page on forgetting completed runs. */
export const documentCleanCompleted = () =>
  page({
    summary: "Have Redis forget runs that completed long ago; the ledger keeps them",
    operationId: "clean-completed",
    parameters: [queueName],
    answer: did("120 completed runs are removed from queue email", 120),
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
    answer: did("3 failed runs are removed from queue email", 3),
    requestBody: body(cleanFailedRequest, { olderThanDays: 7 }),
    problems: { ...NO_BODY, ...NO_REDIS },
  })

/** The reference's page on running a schedule now. */
export const documentRunNow = () =>
  page({
    summary: "Ask for a run of a schedule as if now were a slot of it",
    operationId: "run-schedule",
    parameters: [schedule],
    answer: like(toldSuccess.extend({ jobId: z.uuid(), queue: z.string() }), {
      success: true,
      message: "The schedule price-sync has asked for a run",
      jobId: RUN_ID,
      queue: "price-sync",
    }),
    problems: { ...NO_SCHEDULE, 503: "Redis or PostgreSQL does not answer" },
  })

/** The reference's page on pausing a schedule. */
export const documentPauseSchedule = () =>
  page({
    summary: "Let the slots of a schedule pass without runs",
    operationId: "pause-schedule",
    parameters: [schedule],
    answer: did("The schedule price-sync is paused"),
    requestBody: body(cancelRequest, { reason: "Nota Paraná is being rebuilt" }),
    problems: { 400: "The body is not what is asked for", ...NO_SCHEDULE },
  })

/** The reference's page on resuming a schedule. */
export const documentResumeSchedule = () =>
  page({
    summary: "Have a schedule ask for runs again, from its next slot on",
    operationId: "resume-schedule",
    parameters: [schedule],
    answer: did("The schedule price-sync asks for runs again"),
    problems: NO_SCHEDULE,
  })
