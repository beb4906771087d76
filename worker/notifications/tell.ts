import { channelsOf } from "../../db/notification-preferences.ts"
import { addNotifications, type Telling } from "../../db/notifications.ts"
import { pool } from "../../db/pool.ts"
import { addDeliveries } from "../../db/push-deliveries.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import type { notification } from "../../lib/jobs/notification.ts"
import { tellInboxes } from "../../lib/notifications/inbox.ts"
import { vapidPublicKey } from "../../lib/push/env.ts"
import type { Run } from "../run.ts"

/** People who are told in one transaction. */
const CHUNK = 500

type Payload = JobPayload<typeof notification>

/** Put what a run has to tell into the lists of people, and note the devices it is to be pushed to: once, however often it is tried. Returns how many of them there are. */
export async function tellPeople(payload: Payload, run: Run): Promise<{ known: number }> {
  const telling = tellingOf(payload, run.id)
  let known = 0
  for (let start = 0; start < payload.userId.length; start += CHUNK) {
    run.signal.throwIfAborted()
    run.progress({
      percentage: Math.floor((50 * start) / payload.userId.length),
      stage: "telling",
      message: `${start} of ${payload.userId.length} people are told`,
    })
    known += await tellSome(payload.userId.slice(start, start + CHUNK), telling, payload)
  }
  return { known }
}

async function tellSome(userIds: number[], telling: Telling, { category, urgency, ttl }: Payload) {
  const wishes = await channelsOf(userIds, category)
  const byUser = new Map(wishes.map((wish) => [wish.userId, wish]))
  await pool().begin(async (tx) => {
    const added = await addNotifications(telling, wishes, tx)
    const pushes = added.flatMap(({ id, userId }) => {
      const { push, quietUntil } = byUser.get(userId)!
      return push ? [{ notificationId: id, dueAt: quietUntil }] : []
    })
    await addDeliveries(
      pushes,
      { urgency, ttl, channels: vapidPublicKey() ? ["webpush", "expo"] : ["expo"] },
      tx,
    )
  })
  // Also of what an earlier try has put there and died before it told.
  await tellInboxes(wishes.filter(({ inApp }) => inApp).map(({ userId }) => userId))
  return wishes.length
}

/** Keys of callers and of runs are told apart. */
const tellingOf = (payload: Payload, runId: string): Telling => {
  const { title, message, type, category, actionUrl, data, dedupeKey } = payload
  return {
    ...{ runId, category, title, message, type, actionUrl: actionUrl ?? null, data: data ?? null },
    dedupeKey: dedupeKey === undefined ? `run:${runId}` : `key:${dedupeKey}`,
  }
}
