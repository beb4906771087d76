import type { DocumentDecoration } from "elysia"
import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { like } from "../../lib/like.ts"
import { reminderSettings } from "../../lib/reminders/settings.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"
import { inPath } from "./parts.ts"

const tags = [paymentReminder.name]
const parameters = [inPath("id")]

const example = { timeZone: "America/Sao_Paulo", before: [3, 1], overdue: [1, 5, 15], finalNotice: 30 }

const answer = { description: "The settings", content: json(like(reminderSettings, example), "output") }
const refusals = { 404: ["No such agency", "No agency 12"], 503: "PostgreSQL does not answer" } as const

/** The reference's page on when an agency's renters are told. */
export const documentReminderSettings = (): DocumentDecoration => ({
  tags,
  summary: "When the renters of an agency are told of payments, and by the calendar of which zone",
  operationId: "reminder-settings",
  parameters,
  responses: { 200: answer, ...errors(refusals) },
})

/** The reference's page on having them told at other times. */
export const documentReminderSettingsChange = (): DocumentDecoration => ({
  tags,
  summary: "Have the renters of an agency told of payments at these stages from now on",
  description:
    "Days are counted from the day until which a payment can be paid: its due date, or the business day after it. What was sent stays sent: a stage that is new is told of payments that come to it, and of those that came to it within a week.",
  operationId: "change-reminder-settings",
  parameters,
  requestBody: { required: true, content: json(reminderSettings, "input", example) },
  responses: { 200: answer, ...errors({ 400: "No such days, or no such zone", ...refusals }) },
})
