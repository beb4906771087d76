import { z } from "zod"
import type { PaymentReminder } from "../db/payment-reminders.ts"
import { reminderTypes } from "../lib/reminders/stages.ts"

const id = z.int()
const cents = z.int().describe("cents of a real")
const idInQuery = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional()

/** Which reminders. */
export const reminderQuery = z.strictObject({
  contractId: idInQuery.describe("of which contract"),
  paymentId: idInQuery.describe("of which payment"),
  agencyId: idInQuery.describe("of which agency"),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe("how many, latest first"),
  before: idInQuery.describe("the `next` of the page before"),
})

/** A reminder as it is told: whom it went to stands with the contract alone. */
export const toldReminder = z.object({
  ...{ id, agencyId: id, contractId: id, paymentId: id },
  type: z.enum(reminderTypes),
  days: z.int().describe("of the stage: before the payment is due, or after"),
  stage: z.string(),
  localDate: z.iso.date().describe("by the calendar of its agency"),
  daysOverdue: z.int().describe("on that day; below nought before the payment is due"),
  ...{ principalCents: cents, lateFeeCents: cents, interestCents: cents, amountCents: cents },
  pixCode: z.string().nullable(),
  locale: z.enum(["pt-BR", "en"]),
  channels: z.array(z.enum(["email", "in-app", "push"])).describe("how the renter was told"),
  isAgencyTold: z.boolean().describe("of a final notice, or in the renter's place"),
  runId: z.string().describe("the run that has sent it"),
  createdAt: z.iso.datetime(),
})

export const tellReminder = ({ createdAt, ...reminder }: PaymentReminder): z.output<typeof toldReminder> => ({
  ...reminder,
  createdAt: createdAt.toISOString(),
})
