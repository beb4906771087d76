import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { resendWebhook } from "../resend/event.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"

const signature = ["svix-id", "svix-timestamp", "svix-signature"].map((name) => ({
  name,
  in: "header" as const,
  required: true,
  schema: { type: "string" as const },
}))

/** The reference's page on Resend's webhooks. */
export const documentResendWebhook = (): DocumentDecoration => ({
  tags: ["webhooks"],
  summary: "What Resend tells of mails after it has taken them",
  description:
    "Signed with RESEND_WEBHOOK_SECRET by Standard Webhooks. A message that was told before, an event of another kind and one of a mail that is none of ours change nothing, and are answered alike.",
  operationId: "resend-webhook",
  parameters: signature,
  requestBody: {
    required: true,
    content: json(resendWebhook, "input", {
      type: "email.delivered",
      created_at: "2026-02-10T12:00:00.000Z",
      data: { email_id: "56761188-7520-42d8-8898-ff6fc54ce618" },
    }),
  },
  responses: {
    200: { description: "It is noted", content: json(z.object({ received: z.literal(true) }), "output") },
    ...errors({
      400: ["Not JSON, or not an event as Resend has it", "The body is not JSON in UTF-8"],
      401: [
        "Not signed with the secret, or more than five minutes from now",
        "The message is not one of Resend's: none of its signatures is of this secret",
      ],
      404: ["No secret is set", "Nothing is taken here: RESEND_WEBHOOK_SECRET is not set"],
      413: "The body is too large",
      503: [
        "PostgreSQL does not answer",
        "PostgreSQL, which keeps what becomes of mails, does not answer: tell it again in a moment",
      ],
    }),
  },
})
