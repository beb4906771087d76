import { createLog } from "../log.ts"
import { onRedis } from "../queues.ts"
import { HAPPENED, inboxKey } from "../watched.ts"

/** Have those look who look on at the notifications of these people. Unheard, they look a little later. */
export async function tellInboxes(userIds: number[]) {
  if (userIds.length === 0) return
  await onRedis((client) => client.publish(HAPPENED, userIds.map(inboxKey).join("\n"))).catch(
    (error: Error) =>
      createLog("Notifications").debug("Who looks on was not told", { reason: error.message }),
  )
}
