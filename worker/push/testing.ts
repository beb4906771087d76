import { createECDH } from "node:crypto"
import { pool } from "../../db/pool.ts"
import { subscribe } from "../../db/push-subscriptions.ts"
import { type PushSimulator, startPush } from "../../sandbox/push/simulator.ts"

/** Have pushes go to a simulator, by keys of its own; what is returned ends it, and leads back. */
export function moveToPushSimulator(options: Parameters<typeof startPush>[0] = {}) {
  const push = startPush(options)
  const before = { ...process.env }
  const pair = createECDH("prime256v1")
  pair.generateKeys()
  Object.assign(process.env, {
    VAPID_PUBLIC_KEY: pair.getPublicKey("base64url"),
    VAPID_PRIVATE_KEY: pair.getPrivateKey("base64url"),
    VAPID_SUBJECT: "mailto:suporte@araucaria.example",
    EXPO_BASE_URL: push.url,
    ALLOW_PRIVATE_ADDRESSES: "true",
  })
  const goBack = async () => {
    for (const name of Object.keys(process.env))
      if (/^(?:VAPID_|EXPO_|ALLOW_PRIVATE)/.test(name)) delete process.env[name]
    Object.assign(process.env, before)
    await push.stop()
  }
  return { push, goBack }
}

/** A user, and their id. */
export async function somebody(): Promise<number> {
  const slug = `agency-${crypto.randomUUID()}`
  const [agency] = await pool()<[{ id: number }]>`
    insert into agencies (name, slug) values ('Imobiliária Araucária', ${slug}) returning id
  `
  const [user] = await pool()<[{ id: number }]>`
    insert into users (agency_id, name, email, password_hash, role)
    values (${agency.id}, 'Helena Prado', ${`${slug}@araucaria.example`}, 'none', 'broker')
    returning id
  `
  return user.id
}

/** A browser of somebody's that is pushed to. */
export async function browserOf(userId: number, push: PushSimulator) {
  const browser = push.subscribe(process.env.VAPID_PUBLIC_KEY!)
  const device = await subscribe({
    ...{ userId, channel: "webpush", endpoint: browser.endpoint, ...browser.keys, userAgent: null },
  })
  return { ...browser, subscriptionId: device!.id }
}

/** A phone of somebody's that is pushed to through Expo. */
export async function phoneOf(userId: number) {
  const token = `ExponentPushToken[${crypto.randomUUID()}]`
  const device = await subscribe({
    ...{ userId, channel: "expo", endpoint: token, p256dh: null, auth: null, userAgent: null },
  })
  return { token, subscriptionId: device!.id }
}

interface Became {
  status: string
  attempts: number
  inDoubt: boolean
  error: string | null
  /** Seconds until it is due. */
  wait: number
}

/** What became of all pushes, in the order of their devices. */
export const outcomes = async (): Promise<Became[]> =>
  await pool()<Became[]>`
    select status, attempts, in_doubt, error, round(extract(epoch from due_at - now()))::int as wait
    from push_deliveries order by id
  `

/** Have time pass until what waits is due, what was taken is anybody's again, and no push service rests. */
export async function letPass() {
  await pool()`
    update push_deliveries
    set due_at = least(due_at, now()), receipt_due_at = case when receipt_due_at is not null then now() end
    where status in ('pending', 'sending') or receipt_due_at is not null
  `
  await pool()`update push_services set resting_until = least(resting_until, now())`
}

export const devicesLeft = async () => {
  const rows = await pool()<{ id: number }[]>`select id from push_subscriptions order by id`
  return rows.map(({ id }) => id)
}
