import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { like } from "../../lib/like.ts"
import { reminderQuery, toldReminder } from "../payment-reminders.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"
import { inQuery, next } from "./parts.ts"

const example: z.output<typeof toldReminder> = {
  ...{ id: 12, agencyId: 1, contractId: 7, paymentId: 143 },
  ...{ type: "overdue", days: 5, stage: "overdue-5", localDate: "2026-02-15", daysOverdue: 5 },
  ...{ principalCents: 155_000, lateFeeCents: 3_100, interestCents: 258, amountCents: 158_358 },
  pixCode: null,
  ...{ locale: "pt-BR", channels: ["email", "in-app"], isAgencyTold: false },
  ...{ runId: "8f0e3a0e-53c8-5d7b-9b41-0f8a4c0f6b7d", createdAt: "2026-02-15T12:00:01.000Z" },
}

/** The reference's page on what renters were told. */
export const documentReminders = (): DocumentDecoration => ({
  tags: [paymentReminder.name],
  summary: "What renters were told of payments, of a contract, a payment, an agency or all",
  operationId: "payment-reminders",
  parameters: inQuery(reminderQuery),
  responses: {
    200: {
      description: "A page of reminders, the latest first; `next` is null on the last",
      content: json(z.object({ reminders: z.array(like(toldReminder, example)), next }), "output"),
    },
    ...errors({
      400: "No such page",
      503: "PostgreSQL does not answer",
    }),
  },
})
