import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { remind } from "../reminders/remind.ts"
import { swept } from "../reminders/result.ts"
import { sweep } from "../reminders/sweep.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(paymentReminder, async (payload, run) =>
  payload.type === "sweep" ? swept(await sweep(run)) : await remind(payload, run),
)
