import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { templateNames } from "../../lib/emails/index.ts"
import { prepareRun } from "../../lib/enqueue.ts"
import { MOST_AT_ONCE, prepareMany } from "../../lib/enqueue-many.ts"
import { PayloadError } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { like } from "../../lib/like.ts"
import { runStatus } from "../../lib/runs.ts"
import { BATCH_LIMIT, tooLarge } from "../body.ts"
import { runQuery } from "../requests/control.ts"
import { batchRequest, cancelRequest, enqueueRequest, previewQuery } from "../requests.ts"
import { errors, refusalOf, UNCONFIRMED } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { json, schemaOf } from "./json.ts"
import { done, IS_KEPT, inPath, inQuery } from "./parts.ts"
import { completedRun } from "./run.ts"

const inPathId = inPath("id")

const redacted = z.unknown().describe("with what is personal redacted")

const cancelled = (status: "cancelled" | "cancelling", message: string) =>
  done(message).extend({ status: z.literal(status) })

const enqueued = (queue: string) =>
  z.object({
    jobId: z.uuid(),
    queue: z.literal(queue),
    status: z.enum(["enqueued", "accepted"]),
    statusUrl: like(z.string(), `/api/jobs/${queue}/${RUN_ID}`),
  })

const enqueuedMany = (queue: string) =>
  z.object({
    jobIds: z.array(z.uuid()),
    queue: z.literal(queue),
    status: z.enum(["enqueued", "accepted"]),
  })

const idempotencyKey = {
  name: "idempotency-key",
  in: "header" as const,
  required: false,
  description:
    "chosen by the caller, 255 characters at most: asked again with it within 24 hours, the answer is that of the first time",
  schema: { type: "string" as const },
}

/** What is said of an example with its first word taken away. */
function refusedBy(job: JobDefinition, prepare: (data: object) => unknown) {
  const example = job.example as object
  const [word = ""] = Object.keys(example)
  try {
    prepare({ ...example, [word]: null })
  } catch (error) {
    if (error instanceof PayloadError) return refusalOf(error)
    throw error
  }
  return undefined
}

/** What is said of a payload of a job that is wrong. */
export const refusedPayload = (job: JobDefinition) => () => refusedBy(job, (data) => prepareRun(job, data))

const NOT_TAKEN = "The body is not JSON, or not what the job takes: each problem with its path"

const refusals = errors({
  409: [
    "The Idempotency-Key was used for something else",
    "This Idempotency-Key was used for something else within the last 24 hours",
  ],
  413: "Body or payload too large",
  429: "Too many requests, or too many runs wait in the queue",
  503: [
    "Neither Redis nor PostgreSQL confirmed the run; with an Idempotency-Key, PostgreSQL does not answer",
    UNCONFIRMED,
  ],
})

/** The reference's page on asking for a run of this job. */
export const documentEnqueue = (job: JobDefinition): DocumentDecoration => ({
  tags: [job.name],
  summary: job.summary,
  operationId: `enqueue-${job.name}`,
  parameters: [idempotencyKey],
  requestBody: {
    required: true,
    content: json(enqueueRequest.extend({ data: job.accepts?.input ?? job.payload }), "input", {
      data: job.example,
    }),
  },
  responses: {
    202: { description: `The run is queued; ${IS_KEPT}`, content: json(() => enqueued(job.name), "output") },
    ...refusals,
    ...errors({ 400: [NOT_TAKEN, refusedPayload(job)] }),
  },
})

/** The reference's page on asking for many runs of this job. */
export const documentBatch = (job: JobDefinition): DocumentDecoration => ({
  tags: [job.name],
  summary: `Ask for up to ${MOST_AT_ONCE} runs of ${job.name}, all of them or none`,
  operationId: `enqueue-many-${job.name}`,
  parameters: [idempotencyKey],
  requestBody: {
    required: true,
    content: json(
      batchRequest.extend({
        jobs: batchRequest.shape.jobs.element
          .extend({ data: job.accepts?.input ?? job.payload })
          .array()
          .min(1)
          .max(MOST_AT_ONCE),
      }),
      "input",
      { jobs: [{ data: job.example }] },
    ),
  },
  responses: {
    202: {
      description: `The runs are queued; ${IS_KEPT}`,
      content: json(() => enqueuedMany(job.name), "output"),
    },
    ...refusals,
    ...errors({
      400: [NOT_TAKEN, () => refusedBy(job, (data) => prepareMany(job, [{ data } as never], {}))],
      413: ["Body or payload too large", tooLarge(BATCH_LIMIT).message],
    }),
  },
})

/** What is said of a run that is not there. */
export const noRun = (queue: string) => ["No such run", `No run ${RUN_ID} on queue ${queue}`] as const

/** The reference's page on a run of this job. */
export const documentStatus = (job: JobDefinition): DocumentDecoration => ({
  tags: [job.name],
  summary: `What became of a run of ${job.name}`,
  operationId: `status-${job.name}`,
  parameters: [inPathId, ...inQuery(runQuery)],
  responses: {
    200: {
      description: "The run, with its personal data redacted; once Redis holds it no longer, from the ledger",
      content: json(() => {
        const told = runStatus.extend({
          data: job.payload.or(redacted),
          returnValue: job.result.or(redacted).nullable(),
        })
        return like(told, completedRun(job))
      }, "output"),
    },
    ...errors({
      400: "What the query says is not understood",
      403: "The key is for other queues, or does not let read; or personal data is asked for by who is no admin",
      404: noRun(job.name),
      503: "Redis or PostgreSQL does not answer",
    }),
  },
})

const template = like(
  z.object({
    name: z.enum(templateNames),
    kind: z.enum(["asked", "notice", "list"]),
    example: z.record(z.string(), z.unknown()),
    previewUrl: z.string(),
  }),
  {
    name: "welcome",
    kind: "notice",
    example: { userName: "Ana" },
    previewUrl: "/api/admin/emails/welcome/preview",
  },
)

/** The reference's page on which mail templates there are. */
export const documentTemplates = (): DocumentDecoration => ({
  tags: ["email"],
  summary: "The mail templates, each with an example of its data",
  operationId: "list-emails",
  responses: {
    200: {
      description: "All there are; `list` mails are those that one can unsubscribe from",
      content: json(z.object({ templates: z.array(template) }), "output"),
    },
    ...errors({ 401: "No valid API key" }),
  },
})

/** The reference's page on looking at a mail template. */
export const documentPreview = (): DocumentDecoration => ({
  tags: ["email"],
  summary: "A mail template as it looks, written from the example of its props",
  operationId: "preview-email",
  parameters: [
    { name: "template", in: "path", required: true, schema: schemaOf(z.enum(templateNames), "input") },
    ...inQuery(previewQuery),
  ],
  responses: {
    200: {
      description: "The page, or the text for whoever reads no pages",
      content: { "text/html": {}, "text/plain": {} },
    },
    ...errors({
      400: "No such language or part",
      404: [
        "No such template: the answer lists those there are",
        `No template "welcom": the templates are ${templateNames.join(", ")}`,
      ],
      503: "FROM_EMAIL, which every mail begins with, is not set",
    }),
  },
})

/** The reference's page on cancelling a run of this job. */
export const documentCancel = (job: string): DocumentDecoration => ({
  tags: [job],
  summary: `Cancel a run of ${job}, be it waiting, delayed or active`,
  operationId: `cancel-${job}`,
  parameters: [inPathId],
  requestBody: { required: false, content: json(cancelRequest, "input", { reason: "Asked for by mistake" }) },
  responses: {
    200: {
      description: "The run is cancelled",
      content: json(cancelled("cancelled", "The run is cancelled"), "output"),
    },
    202: {
      description: "Its worker has been told",
      content: json(
        cancelled("cancelling", "The run is at work: its worker has been told, and ends it within seconds"),
        "output",
      ),
    },
    ...errors({
      400: "The body is not what is asked for",
      404: noRun(job),
      409: ["The run has ended already", `Too late: run ${RUN_ID} on queue ${job} has ended`],
      503: "Redis does not answer",
    }),
  },
})

/** Answers that a browser gets as a page, in Portuguese or English. */
const alsoAsPages = (answers: ReturnType<typeof errors>) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { description, content }]) => [
      status,
      {
        description: `${description}; to whom accepts \`text/html\` as a page`,
        content: { ...content, "text/html": {} },
      },
    ]),
  )

/** The reference's page on links to stored files. */
export const documentDownload: DocumentDecoration = {
  tags: ["files"],
  security: [],
  summary: "Download a stored file by the link to it, whole or in part",
  operationId: "download",
  parameters: [{ name: "token", in: "path", required: true, schema: { type: "string" } }],
  responses: {
    200: { description: "The file" },
    206: { description: "The part of it that the Range header asks for" },
    ...alsoAsPages(
      errors({
        404: [
          "The link is not one of ours, or the file is no longer kept",
          "This is no link to a file: copy it whole, or ask for a new one",
        ],
        410: ["The link has expired", "This link has expired: ask for a new one"],
        503: [
          "PostgreSQL, which keeps who fetches an export, does not answer",
          "PostgreSQL, which keeps who fetches an export, does not answer: try again in a moment",
        ],
      }),
    ),
    ...errors({ 416: ["The part begins past the end of the file", "The file has 38412 bytes"] }),
  },
}
