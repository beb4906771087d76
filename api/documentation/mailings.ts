import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { email } from "../../lib/jobs/email.ts"
import { like } from "../../lib/like.ts"
import { type MailingStatus, mailingStatus } from "../../lib/mailings/outcome.ts"
import { redactText } from "../../lib/redact.ts"
import { BATCH_LIMIT, tooLarge } from "../body.ts"
import { cursorOf } from "../cursor.ts"
import { toldMailing, toldProgress, toldRecipient } from "../mailings.ts"
import { decisionRequest, mailingRequest, recipientsQuery, recipientsRequest } from "../requests/mailings.ts"
import { historyQuery } from "../requests.ts"
import { errors, invalid } from "./errors.ts"
import { json } from "./json.ts"
import { done, inPath, inQuery, next } from "./parts.ts"

const tags = [email.name]

const away = { 503: "PostgreSQL does not answer" }
const unknown = ["No such mailing", "No mailing 12"] as const

const draft = {
  ...{ id: 12, key: "newsletter-2026-02", agencyId: null, template: "newsletter", list: "newsletter" },
  ...{ locale: "pt-BR", perMinute: 600, status: "draft", recipients: 0 },
  ...{ createdBy: "key:3 (shop)", decidedBy: "key:3 (shop)", reason: null },
  ...{ createdAt: "2026-02-10T12:00:00.000Z", startedAt: null, endedAt: null },
  statusUrl: "/api/admin/mailings/12",
} satisfies z.output<typeof toldMailing>

const begun = {
  ...draft,
  ...{ status: "sending", recipients: 50_000, startedAt: "2026-02-10T12:05:00.000Z" },
} satisfies z.output<typeof toldMailing>

const created = like(toldMailing, draft)

const progress = like(toldProgress, {
  ...begun,
  percentage: 24,
  outcomes: { waiting: 37_900, sending: 100, sent: 310, delivered: 11_655, bounced: 35 },
  ...{ opened: 3_102, clicked: 418 },
})

const recipients = z.array(
  like(toldRecipient, {
    ...{
      to: redactText("ana@example.com"),
      outcome: "delivered",
      error: null,
      sentAt: "2026-02-10T12:05:01.000Z",
    },
    ...{ deliveredAt: "2026-02-10T12:05:03.000Z", openedAt: null },
  }),
)

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
    200: { description: "It was there already", content: json(created, "output") },
    201: { description: "It is put down", content: json(created, "output") },
    ...errors({
      400: [
        "Data that the template does not take, a list for mails of none, or an agency that there is not",
        invalid("agencyId", "there is no agency 12"),
      ],
      409: [
        "Another mailing has this key",
        "Mailing 12 has this key, and is another one: give yours a key of its own",
      ],
      ...away,
    }),
  },
})

const added = like(z.object({ added: z.int(), duplicates: z.int() }), { added: 2, duplicates: 0 })

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
      content: json(added, "output"),
    },
    ...errors({
      400: "An address that is none, or data that the template does not take; nobody is added",
      404: unknown,
      409: [
        "It has been started or cancelled",
        "Mailing 12 has been started or cancelled: it takes no more recipients",
      ],
      413: ["The body is too large", tooLarge(BATCH_LIMIT).message],
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
      content: json(z.object({ mailings: z.array(like(toldMailing, begun)), next }), "output"),
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
    200: { description: "The mailing", content: json(progress, "output") },
    ...errors({ 404: unknown, ...away }),
  },
})

const page = z.object({ recipients, next: like(z.string().nullable(), cursorOf({ after: 12 })) })

/** The reference's page on what became of each recipient. */
export const documentMailingRecipients = (): DocumentDecoration => ({
  tags,
  summary: "What became of each recipient of a mailing",
  operationId: "list-mailing-recipients",
  parameters: [inPath("id"), ...inQuery(recipientsQuery)],
  responses: {
    200: {
      description: "A page of them; `next` is the cursor of the next page, null on the last",
      content: json(page, "output"),
    },
    ...errors({ 400: "No such page", 404: unknown, ...away }),
  },
})

const decided = (message: string, status: MailingStatus) =>
  done(message).extend({ status: like(mailingStatus, status), recipients: like(z.int(), begun.recipients) })

const OVER = "It has ended, or has not begun"

const DECISIONS = {
  start: {
    summary: "Have a mailing sent, at its pace",
    answer: decided("It is sent, at its pace", "sending"),
    refusal: [
      "It has no recipients, or was cancelled",
      "Mailing 12 has no recipients: add some before it is started",
    ],
  },
  pause: {
    summary: "Have no further mail of a mailing handed over until it is resumed",
    answer: decided("No further mail is handed over until it is resumed", "paused"),
    refusal: [OVER, "Mailing 12 is completed: there is nothing to pause"],
  },
  resume: {
    summary: "Have a paused mailing sent on",
    answer: decided("It is sent on", "sending"),
    refusal: [OVER, "Mailing 12 is completed: there is nothing to resume"],
  },
  cancel: {
    summary: "End a mailing: no further mail of it is handed over",
    answer: decided("No further mail is handed over", "cancelled"),
    refusal: [OVER, "Mailing 12 is completed: there is nothing to cancel"],
  },
} as const

/** The reference's page on deciding what becomes of a mailing. */
export const documentDecision = (decision: keyof typeof DECISIONS): DocumentDecoration => ({
  tags,
  summary: DECISIONS[decision].summary,
  operationId: `${decision}-mailing`,
  parameters: [inPath("id")],
  requestBody: { content: json(decisionRequest, "input", { reason: "as its author asked" }) },
  responses: {
    200: {
      description: "It is so, by this or from before",
      content: json(DECISIONS[decision].answer, "output"),
    },
    ...errors({
      400: "A reason that is none",
      404: unknown,
      409: DECISIONS[decision].refusal,
      ...away,
    }),
  },
})
