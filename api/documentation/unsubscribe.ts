import type { DocumentDecoration } from "elysia"
import { FORM_LIMIT, tooLarge } from "../body.ts"
import { errors } from "./errors.ts"
import { inPath } from "./parts.ts"

const tags = ["unsubscribe"]

const page = { content: { "text/html": {} } }

const away = [
  "PostgreSQL does not answer",
  "PostgreSQL, which keeps who has unsubscribed, does not answer: try again in a moment",
] as const

const form = {
  schema: {
    type: "object" as const,
    properties: {
      "List-Unsubscribe": { type: "string" as const, enum: ["One-Click"] },
      action: { type: "string" as const, enum: ["unsubscribe", "subscribe"] },
    },
  },
  example: { "List-Unsubscribe": "One-Click" },
}

/** The reference's page on the page behind the link of a mail. */
export const documentSubscription = (): DocumentDecoration => ({
  tags,
  summary: "Asks whoever has the link of a mail whether they want no more of its list; changes nothing",
  operationId: "show-subscription",
  parameters: [inPath("token")],
  responses: {
    200: { description: "The page, in the language of the mail", ...page },
    404: { description: "The link is not one of ours", ...page },
    ...errors({ 503: away }),
  },
})

/** The reference's page on unsubscribing. */
export const documentUnsubscribe = (): DocumentDecoration => ({
  tags,
  summary: "Unsubscribe with one tap (RFC 8058), or by the page, which also subscribes again",
  operationId: "unsubscribe",
  parameters: [inPath("token")],
  requestBody: {
    required: true,
    content: { "application/x-www-form-urlencoded": form, "multipart/form-data": form },
  },
  responses: {
    200: { description: "It is so, by this or from before", ...page },
    404: { description: "The link is not one of ours", ...page },
    ...errors({
      400: [
        "A form that cannot be read, or says neither",
        "Send the form List-Unsubscribe=One-Click (RFC 8058)",
      ],
      413: ["The form is too large", tooLarge(FORM_LIMIT).message],
      415: ["No form", "Send a form: application/x-www-form-urlencoded or multipart/form-data"],
      503: away,
    }),
  },
})
