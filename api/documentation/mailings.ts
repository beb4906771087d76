import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { email } from "../../lib/jobs/email.ts"
import { mailingStatus } from "../../lib/mailings/outcome.ts"
import { toldMailing, toldProgress, toldRecipient } from "../mailings.ts"
import { decisionRequest, mailingRequest, recipientsQuery, recipientsRequest } from "../requests/mailings.ts"
import { historyQuery } from "../requests.ts"
import { errors, inPath, inQuery, json } from "./parts.ts"

const tags = [email.name]

const away = { 503: "PostgreSQL does not answer" }

/** The reference's page on putting a mailing down. */
export const documentMailingCreate = (): DocumentDecoration => ({
  tags,
  summary: "Put down a mail to very many",
  description:
    "Nothing is sent: recipients are added to it, a thousand at a time, and then it is started. Asked for again under its `key`, it is the same mailing.",
  operationId: "create-mailing",
  requestBody: {
    required: true,
    content: json(mailingRequest, "input", {
      key: "newsletter-2026-02",
      template: "newsletter",
      data: { title: "Os aluguéis de fevereiro", paragraphs: ["Os preços ficaram estáveis."] },
      perMinute: 600,
    }),
  },
  responses: {
    200: { description: "It was there already", content: json(toldMailing, "output") },
    201: { description: "It is put down", content: json(toldMailing, "output") },
    ...errors({
      400: "Data that the template does not take, a list for mails of none, or an agency that there is not",
      409: "Another mailing has this key",
      ...away,
    }),
  },
})

/** The reference's page on adding recipients. */
export const documentRecipients = (): DocumentDecoration => ({
  tags,
  summary: "Add recipients to a mailing that has not been started",
  description:
    "Each with data of their own, which go over those for all, and have to make up what the template takes. An address that it has already, in whatever letter case, is not added again: what was not answered can be sent once more.",
  operationId: "add-mailing-recipients",
  parameters: [inPath("id")],
  requestBody: {
    required: true,
    content: json(recipientsRequest, "input", {
      recipients: [
        { to: "ana@example.com", data: { userName: "Ana" } },
        { to: "john@example.com", data: { userName: "John" }, locale: "en" },
      ],
    }),
  },
  responses: {
    200: {
      description: "They are added, all that were not there",
      content: json(z.object({ added: z.int(), duplicates: z.int() }), "output"),
    },
    ...errors({
      400: "An address that is none, or data that the template does not take; nobody is added",
      404: "No such mailing",
      409: "It has been started or cancelled",
      ...away,
    }),
  },
})

/** The reference's page on mailings. */
export const documentMailings = (): DocumentDecoration => ({
  tags,
  summary: "Mailings, the latest first",
  operationId: "list-mailings",
  parameters: inQuery(historyQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ mailings: z.array(toldMailing), next: z.int().nullable() }), "output"),
    },
    ...errors({ 400: "No such page", ...away }),
  },
})

/** The reference's page on how far a mailing is. */
export const documentMailing = (): DocumentDecoration => ({
  tags,
  summary: "How far a mailing is",
  operationId: "show-mailing",
  parameters: [inPath("id")],
  responses: {
    200: { description: "The mailing", content: json(toldProgress, "output") },
    ...errors({ 404: "No such mailing", ...away }),
  },
})

/** The reference's page on what became of each recipient. */
export const documentMailingRecipients = (): DocumentDecoration => ({
  tags,
  summary: "What became of each recipient of a mailing",
  operationId: "list-mailing-recipients",
  parameters: [inPath("id"), ...inQuery(recipientsQuery)],
  responses: {
    200: {
      description: "A page of them; `next` is the cursor of the next page, null on the last",
      content: json(z.object({ recipients: z.array(toldRecipient), next: z.string().nullable() }), "output"),
    },
    ...errors({ 400: "No such page", 404: "No such mailing", ...away }),
  },
})

const decided = z.object({
  success: z.literal(true),
  message: z.string(),
  status: mailingStatus,
  recipients: z.int(),
})

const SUMMARIES = {
  start: "Have a mailing sent, at its pace",
  pause: "Have no further mail of a mailing handed over until it is resumed",
  resume: "Have a paused mailing sent on",
  cancel: "End a mailing: no further mail of it is handed over",
}

/** The reference's page on deciding what becomes of a mailing. */
export const documentDecision = (decision: keyof typeof SUMMARIES): DocumentDecoration => ({
  tags,
  summary: SUMMARIES[decision],
  operationId: `${decision}-mailing`,
  parameters: [inPath("id")],
  requestBody: { content: json(decisionRequest, "input", { reason: "as its author asked" }) },
  responses: {
    200: { description: "It is so, by this or from before", content: json(decided, "output") },
    ...errors({
      400: "A reason that is none",
      404: "No such mailing",
      409: decision === "start" ? "It has no recipients, or was cancelled" : "It has ended, or has not begun",
      ...away,
    }),
  },
})
