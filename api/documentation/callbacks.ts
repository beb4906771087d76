import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { errors, inPath, json } from "./parts.ts"

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

const resent = z.object({ success: z.literal(true), message: z.string(), callback })

/** The reference's page on the callbacks of a run of this job. */
export const documentCallbacks = (job: string): DocumentDecoration => ({
  tags: [job],
  summary: `What was delivered to the callbackUrl of a run of ${job}, and what came of each try`,
  operationId: `callbacks-${job}`,
  parameters: [inPath("id")],
  responses: {
    200: {
      description: "Latest first; none of a run without a callback",
      content: json(z.object({ callbacks: z.array(callback) }), "output"),
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
      404: "No such callback of this run",
      409: "It is being sent at this moment",
      503: "PostgreSQL does not answer",
    }),
  },
})
