import type postgres from "postgres"
import type { PushSimulator } from "../push/simulator.ts"

/** By which the devices of earlier starts are known again. */
const DEMO = "Demo of Esteira"

/** Have somebody be pushed to on a browser and a phone of the simulator's, and on none of an earlier start. */
export async function seedDevices(sql: postgres.Sql, email: string, push: PushSimulator, vapidKey: string) {
  const { endpoint, keys } = push.subscribe(vapidKey, "helena-notebook")
  await sql.begin(async (tx) => {
    await tx`delete from push_subscriptions where user_agent = ${DEMO}`
    await tx`
      insert into push_subscriptions (user_id, channel, endpoint, p256dh, auth, user_agent)
      select users.id, device.*
      from users
      cross join (values
        ('webpush', ${endpoint}, ${keys.p256dh}, ${keys.auth}, ${DEMO}),
        ('expo', 'ExponentPushToken[helena-phone]', null, null, ${DEMO})
      ) as device
      where email = ${email}
    `
  })
}
