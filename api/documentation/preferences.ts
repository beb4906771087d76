import type { DocumentDecoration } from "elysia"
import { notification } from "../../lib/jobs/notification.ts"
import { like } from "../../lib/like.ts"
import { personQuery, preferencesRequest } from "../requests/notifications.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"
import { aboutPerson, inQuery } from "./parts.ts"

const tags = [notification.name]

const EXAMPLE = {
  push: true,
  categories: { "payment-reminder": { push: false } },
  quietHours: { from: "22:00", until: "07:00" },
  timeZone: "America/Sao_Paulo",
}

const told = like(preferencesRequest, { mail: true, inApp: true, ...EXAMPLE, locale: null })

const answer = {
  description: "The preferences",
  content: json(told, "output"),
}

/** The reference's page on how somebody is told. */
export const documentPreferences = (): DocumentDecoration => ({
  tags,
  summary: "How somebody wants to be told, by channel and category, and when not",
  operationId: "notification-preferences",
  parameters: inQuery(personQuery),
  responses: { 200: answer, ...errors(aboutPerson) },
})

/** The reference's page on being told otherwise. */
export const documentPreferencesChange = (): DocumentDecoration => ({
  tags,
  summary: "Have somebody told as they want from now on; what is left out is as it is for everybody",
  operationId: "change-notification-preferences",
  parameters: inQuery(personQuery),
  requestBody: {
    required: true,
    content: json(preferencesRequest, "input", EXAMPLE),
  },
  responses: { 200: answer, ...errors(aboutPerson) },
})
