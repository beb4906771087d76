import type { PaymentReminder } from "../../db/payment-reminders.ts"
import type { JobResult } from "../../lib/jobs/index.ts"
import type { paymentReminder } from "../../lib/jobs/payment-reminder.ts"

export type Result = JobResult<typeof paymentReminder>

const NOTHING = {
  ...{ reminderId: null, paymentId: null, amountCents: null, channels: [], isAgencyTold: false, asked: 0 },
}

export const sent = ({ id, paymentId, amountCents, channels, isAgencyTold }: PaymentReminder): Result => ({
  ...{ outcome: "sent", reminderId: id, paymentId, amountCents, channels, isAgencyTold, asked: 0 },
})

export const unsent = (outcome: Result["outcome"], paymentId: number | null = null): Result => ({
  ...NOTHING,
  outcome,
  paymentId,
})

export const swept = (asked: number): Result => ({ ...NOTHING, outcome: "swept", asked })
