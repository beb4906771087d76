import { type Db, pool } from "./pool.ts"

export type PushChannel = "webpush" | "expo"

/** A device that somebody wants to be told on. */
export interface Subscription {
  id: number
  channel: PushChannel
  /** The origin of who brings pushes to it. What reaches the device is not told. */
  service: string
  userAgent: string | null
  createdAt: Date
  seenAt: Date
  lastOkAt: Date | null
  disabledAt: Date | null
}

const columns = (db: Db) => db`
  id, channel, service, user_agent, created_at, seen_at, last_ok_at, disabled_at
`

export interface NewSubscription {
  userId: number
  channel: PushChannel
  endpoint: string
  p256dh: string | null
  auth: string | null
  userAgent: string | null
}

/**
 * Have somebody told on a device from now on, and nobody else on it. Undefined when it is another's, and whoever asks does not
 * know its keys.
 */
export async function subscribe(
  { userId, channel, endpoint, p256dh, auth, userAgent }: NewSubscription,
  db: Db = pool(),
): Promise<Subscription | undefined> {
  const [subscription] = await db<Subscription[]>`
    insert into push_subscriptions as device (user_id, channel, endpoint, p256dh, auth, user_agent)
    values (${userId}, ${channel}, ${endpoint}, ${p256dh}, ${auth}, ${userAgent})
    on conflict (endpoint) do update
    set user_id = excluded.user_id, p256dh = excluded.p256dh, auth = excluded.auth, user_agent = excluded.user_agent,
      seen_at = now(), failures = 0, disabled_at = null
    where device.channel = excluded.channel and (
      device.user_id = excluded.user_id or (device.p256dh, device.auth) is not distinct from (excluded.p256dh, excluded.auth)
    )
    returning ${columns(db)}
  `
  return subscription
}

/** Keep so many devices of somebody, those that subscribed last. */
export async function keepLatest(userId: number, most: number, db: Db = pool()) {
  await db`
    delete from push_subscriptions
    where id in (select id from push_subscriptions where user_id = ${userId} order by seen_at desc, id desc offset ${most})
  `
}

/** The devices of somebody, that which subscribed last first. */
export const listSubscriptions = async (userId: number, db: Db = pool()): Promise<Subscription[]> => db<
  Subscription[]
>`
  select ${columns(db)}
  from push_subscriptions
  where user_id = ${userId}
  order by seen_at desc, id desc
`

/** Tell somebody no more on a device of theirs, by its id or by what reaches it; false when it is none of theirs. */
export async function unsubscribe(
  userId: number,
  device: { id: number } | { endpoint: string },
  db: Db = pool(),
): Promise<boolean> {
  const removed = await db`
    delete from push_subscriptions
    where user_id = ${userId} and ${"id" in device ? db`id = ${device.id}` : db`endpoint = ${device.endpoint}`}
  `
  return removed.count > 0
}
