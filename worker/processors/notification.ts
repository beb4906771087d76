import { countNotified } from "../../db/notifications.ts"
import { pool } from "../../db/pool.ts"
import { cancelPushes } from "../../db/push-deliveries.ts"
import { countOutcomes } from "../../db/push-outcomes.ts"
import { PermanentError, RunCancelled } from "../../lib/errors.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { tellPeople } from "../notifications/tell.ts"
import { sendDue } from "../push/send-due.ts"
import type { Run } from "../run.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(notification, async (payload, run) => {
  try {
    const { known } = await tellPeople(payload, run)
    const unknown = payload.userId.length - known
    if (known === 0) throw new PermanentError(`None of the ${unknown} ids is a user's`)
    if (unknown > 0) run.log(`${unknown} of ${payload.userId.length} ids are no user's`)
    await push(run)
    const { notified, ...pushed } = await outcome(run.id)
    run.log(`Notified ${notified} people, ${pushed.sent} of ${pushed.devices} devices`)
    return { notified, before: known - notified, unknown, ...pushed }
  } catch (error) {
    if (run.signal.reason instanceof RunCancelled) await cancelPushes(run.id)
    throw error
  }
})

/** Push what is due now; what is due later is nobody's to wait for. */
async function push(run: Run) {
  const of = await outcome(run.id)
  let tried = of.devices - of.later
  const tell = (count: number) => {
    tried += count
    run.progress({
      percentage: 50 + Math.floor((50 * Math.min(tried, of.devices)) / Math.max(1, of.devices)),
      stage: "pushing",
      message: `${tried} of ${of.devices} devices are asked`,
    })
  }
  tell(0)
  if (of.later > 0) await sendDue({ runId: run.id, signal: run.signal, db: pool(), onTried: tell })
  run.signal.throwIfAborted()
}

async function outcome(runId: string) {
  const [notified, by] = [await countNotified(runId), await countOutcomes(runId)]
  const of = (...statuses: string[]) => statuses.reduce((sum, status) => sum + (by.get(status) ?? 0), 0)
  return {
    notified,
    devices: of(...by.keys()),
    sent: of("sent", "delivered"),
    gone: of("gone"),
    failed: of("refused", "failed", "expired", "cancelled", "unknown"),
    later: of("pending", "sending"),
  }
}
