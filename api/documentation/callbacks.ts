import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { like } from "../../lib/like.ts"
import { errors } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { json } from "./json.ts"
import { done, inPath } from "./parts.ts"
import { ASKED_AT } from "./run.ts"

const callback = z.object({
  id: z.string().describe("the `webhook-id` of each try"),
  url: z.string().describe("without its query"),
  status: z.enum(["pending", "delivered", "failed"]),
  attempts: z.int(),
  createdAt: z.int(),
  nextAttemptAt: z.int().nullable(),
  log: z.array(
    z.object({
      at: z.int(),
      took: z.int().describe("milliseconds"),
      status: z.int().optional().describe("of the receiver's answer"),
      error: z.string().optional().describe("why there was none"),
    }),
  ),
})

const CALLBACK = `msg_${RUN_ID}`

const pending = like(callback, {
  ...{ id: CALLBACK, url: "https://shop.example/hooks/esteira", status: "pending", attempts: 1 },
  ...{ createdAt: ASKED_AT + 430, nextAttemptAt: ASKED_AT + 6_000 },
  log: [{ at: ASKED_AT + 500, took: 87, status: 503 }],
})

const resent = done("The callback is sent again in a moment").extend({ callback: pending })

/** The reference's page on the callbacks of a run of this job. */
export const documentCallbacks = (job: string): DocumentDecoration => ({
  tags: [job],
  summary: `What was delivered to the callbackUrl of a run of ${job}, and what came of each try`,
  operationId: `callbacks-${job}`,
  parameters: [inPath("id")],
  responses: {
    200: {
      description: "Latest first; none of a run without a callback",
      content: json(z.object({ callbacks: z.array(pending) }), "output"),
    },
    ...errors({ 503: "PostgreSQL does not answer" }),
  },
})

/** The reference's page on sending a callback of a run of this job again. */
export const documentResend = (job: string): DocumentDecoration => ({
  tags: [job],
  summary: `Send a callback of a run of ${job} again, under the same webhook-id, and try it as often as at first`,
  operationId: `resend-callback-${job}`,
  parameters: [inPath("id"), inPath("callback")],
  responses: {
    202: { description: "A worker sends it in a moment", content: json(resent, "output") },
    ...errors({
      404: ["No such callback of this run", `No callback ${CALLBACK} of run ${RUN_ID} on queue ${job}`],
      409: ["It is being sent at this moment", `The callback ${CALLBACK} is being sent at this moment`],
      503: "PostgreSQL does not answer",
    }),
  },
})
