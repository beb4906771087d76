import { z } from "zod"
import { link } from "../emails/fields.ts"
import { like } from "../like.ts"
import { category } from "../notifications/category.ts"
import { notificationType } from "../notifications/type.ts"
import { urgency } from "../notifications/urgency.ts"
import { pii } from "../pii.ts"
import { defineJob, type Json } from "./define.ts"

/** People that a run tells at most; more are told by more runs. */
const MOST_PEOPLE = 5_000

const DAY = 86_400

const id = z.int().positive()
const people = z
  .array(id)
  .min(1)
  .max(MOST_PEOPLE, { error: `at most ${MOST_PEOPLE} people a run` })
const text = (longest: number) => pii(z.string().trim().min(1).max(longest))
// Zod's own schema of JSON refers to itself, which a description of an API cannot hold in the midst of a body.
const json = z.custom<Json>(
  (value) => value === null || ["string", "number", "boolean", "object"].includes(typeof value),
  { error: "what JSON can say" },
)
const number = z.int().nonnegative()

const told = {
  title: text(200),
  message: text(4_000),
  type: notificationType.default("info"),
  actionUrl: pii(link.pipe(z.string().max(1_000))).optional(),
  data: pii(z.record(z.string().max(100), json))
    .optional()
    .describe("for the application; a push goes without it where it would be too large"),
  category: category.default("general").describe("what it is about: people choose by it how they are told"),
  dedupeKey: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("of all that is told under it, by whatever runs, a person is told once"),
  urgency: urgency.default("normal").describe("for what a push may wake a device"),
  ttl: z
    .int()
    .min(0)
    .max(28 * DAY)
    .default(DAY)
    .describe("seconds for which a push is of use"),
}

export const notification = defineJob({
  name: "notification",
  summary: "Tell people something, in the application and on their devices",
  payload: z.strictObject({ userId: people, ...told }),
  accepts: {
    input: z.strictObject({
      userId: z.union([id, people], { error: "the id of a user, or a list of them" }),
      ...told,
    }),
    normalise: ({ userId, ...rest }) => ({
      payload: { ...rest, userId: [...new Set([userId].flat())] },
    }),
  },
  result: like(
    z.object({
      notified: number.describe("people who were told, in the application, by push or both as they want it"),
      before: number.describe("people who had been told under the same `dedupeKey`"),
      unknown: number.describe("ids that are no user's"),
      devices: number.describe("devices there is a push for"),
      sent: number.describe("devices whose push service has taken it"),
      gone: number.describe("devices that are no more, and are forgotten"),
      failed: number.describe("devices whose push was refused, given up, or of no use any more"),
      later: number.describe("devices that have quiet hours, or whose push service has asked to wait"),
    }),
    { notified: 1, before: 0, unknown: 0, devices: 2, sent: 2, gone: 0, failed: 0, later: 0 },
  ),
  example: {
    userId: [1],
    title: "Novo contato",
    message: "Ana Beatriz tem interesse no imóvel AR1002",
    type: "info",
    actionUrl: "/leads/1",
    data: { leadId: 1 },
    category: "leads",
  },
  concurrency: 10,
})
