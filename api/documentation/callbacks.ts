import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { errors, inPath, json } from "./parts.ts"

const callbacks = z.object({
  callbacks: z.array(
    z.object({
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
    }),
  ),
})

/** The reference's page on the callbacks of a run of this job. */
export const documentCallbacks = (job: string): DocumentDecoration => ({
  tags: [job],
  summary: `What was delivered to the callbackUrl of a run of ${job}, and what came of each try`,
  operationId: `callbacks-${job}`,
  parameters: [inPath("id")],
  responses: {
    200: {
      description: "Latest first; none of a run without a callback",
      content: json(callbacks, "output"),
    },
    ...errors({ 401: "No valid API key", 503: "PostgreSQL does not answer" }),
  },
})
