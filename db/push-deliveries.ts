import type { NotificationType } from "../lib/notifications/type.ts"
import type { Urgency } from "../lib/notifications/urgency.ts"
import { type Db, pool, sidePool } from "./pool.ts"
import type { Ended } from "./push-outcomes.ts"
import { resting } from "./push-services.ts"
import type { PushChannel } from "./push-subscriptions.ts"
import type { Aged } from "./retention/aged.ts"

/** What is to be pushed of a notification: not before `dueAt`, and not more than so many seconds later. */
interface Push {
  notificationId: number
  dueAt: Date | null
}

/** Have notifications pushed to every device of whom they are for, on these channels. Returns to how many. */
export async function addDeliveries(
  pushes: Push[],
  { urgency, ttl, channels }: { urgency: Urgency; ttl: number; channels: PushChannel[] },
  db: Db = pool(),
): Promise<number> {
  const added = await db`
    insert into push_deliveries (notification_id, subscription_id, channel, service, urgency, due_at, expires_at)
    select notification.id, device.id, channel, service, ${urgency}, at, at + ${ttl} * interval '1 second'
    from unnest(
      ${pushes.map(({ notificationId }) => notificationId)}::bigint[],
      ${pushes.map(({ dueAt }) => dueAt?.toISOString() ?? null)}::timestamptz[]
    ) as push (notification_id, due_at)
    cross join lateral (select coalesce(push.due_at, now()) as at) as due
    join notifications as notification on notification.id = push.notification_id
    join push_subscriptions as device on device.user_id = notification.user_id
      and disabled_at is null and channel = any(${channels}::text[])
    on conflict (notification_id, subscription_id) do nothing
  `
  return added.count
}

/** A push that is to be tried now. */
export interface DueDelivery {
  id: number
  notificationId: number
  /** 1 at the first. */
  attempt: number
  urgency: Urgency
  /** Seconds for which it is of use. */
  ttl: number
  title: string
  message: string
  type: NotificationType
  category: string
  actionUrl: string | null
  /** As JSON. */
  data: string | null
  subscriptionId: number
  endpoint: string
  p256dh: string | null
  auth: string | null
}

interface Sought {
  channel: PushChannel
  /** Of this run alone. */
  runId?: string | undefined
  /** Whether there is anything to send with; else there is but what is too late, to be closed. */
  canSend?: boolean
}

const isDue = ({ channel, runId, canSend = true }: Sought, db: Db) => db`
  delivery.status in ('pending', 'sending') and due_at <= now() and delivery.channel = ${channel}
  ${ofRun(runId, db)} ${canSend ? db`` : db`and expires_at <= now()`}
`

const ofRun = (runId: string | undefined, db: Db) =>
  runId === undefined
    ? db``
    : db`and notification_id in (select id from notifications where run_id = ${runId})`

/** The push service that has waited longest for a push that is due, none that has asked to be left alone, nor of these. */
export async function nextService(
  sought: Sought,
  except: string[] = [],
  db: Db = sidePool(),
): Promise<string | undefined> {
  const [next] = await db<{ service: string }[]>`
    select service
    from push_deliveries as delivery
    where ${isDue(sought, db)} and service <> all(${except}::text[]) and service not in ${resting(db)}
    order by due_at
    limit 1
    for update skip locked
  `
  return next?.service
}

interface Wanted extends Sought {
  service: string
  /** How many are looked at. */
  limit: number
  /** Milliseconds after which a push that was taken is anybody's again. */
  lease: number
}

/** Pushes that were taken, and what those that are not to be sent have come to. */
interface Taken {
  taken: DueDelivery[]
  closed: Ended[]
}

/**
 * Take pushes of a service that are due, none that another worker has. What is not to be sent is closed: what is too late, was
 * read meanwhile, or is for a device that is gone or another's. One that a worker took and never told of may have been sent: to a
 * browser it is sent again, since it replaces itself there; Expo is not asked twice.
 */
export async function takeDue(wanted: Wanted, db: Db = sidePool()): Promise<Taken> {
  const { service, limit, lease } = wanted
  const rows = await db<(DueDelivery & { became: Ended["status"] | null })[]>`
    with due as materialized (
      select delivery.id, case
        when delivery.status = 'sending' and delivery.channel = 'expo' then 'unknown'
        when expires_at <= now() then 'expired'
        when read_at is not null or is_off then 'cancelled'
        when device.id is null then 'gone'
      end as became, is_off
      from push_deliveries as delivery
      join notifications as notification on notification.id = notification_id
      left join push_subscriptions as device
        on device.id = subscription_id and device.user_id = notification.user_id and disabled_at is null
      cross join lateral (
        select exists (select from runs where runs.id = notification.run_id and runs.status = 'cancelled') as is_off
      ) as run
      where ${isDue(wanted, db)} and delivery.service = ${service}
      order by due_at
      limit ${limit}
      for update of delivery skip locked
    ),
    closed as (
      update push_deliveries as delivery
      set status = became, error = case became
        when 'unknown' then 'the worker died while it asked Expo, which may have sent it'
        when 'cancelled' then case when is_off then 'the run was cancelled' else 'read before it was sent' end
        when 'gone' then 'the device wants no more'
        else error
      end
      from due
      where delivery.id = due.id and became is not null
    ),
    taken as (
      update push_deliveries as delivery
      set status = 'sending', attempts = attempts + 1, in_doubt = in_doubt or status = 'sending',
        due_at = now() + ${lease} * interval '1 millisecond'
      from due
      where delivery.id = due.id and became is null
      returning delivery.*
    )
    select due.id, became, notification_id, attempts as attempt, urgency,
      ceil(extract(epoch from expires_at - now()))::int as ttl,
      title, message, type, category, action_url, data::text, device.id as subscription_id, endpoint, p256dh, auth
    from due
    left join taken on taken.id = due.id
    left join notifications as notification on notification.id = notification_id
    left join push_subscriptions as device on device.id = subscription_id
  `
  return {
    taken: rows.filter(({ became }) => became === null).map(({ became: _, ...delivery }) => delivery),
    closed: rows.flatMap(({ became }) => (became === null ? [] : [{ service, status: became }])),
  }
}

/** Milliseconds until there is a push to try or a ticket to ask about; null when there is neither. */
export async function nextDue(db: Db = sidePool()): Promise<number | null> {
  const [row] = await db<[{ rest: number | null }]>`
    select extract(epoch from least(
      (select min(due_at) from push_deliveries where status in ('pending', 'sending') and service not in ${resting(db)}),
      (select min(resting_until) from push_services where resting_until > now()),
      (select min(receipt_due_at) from push_deliveries where receipt_due_at is not null)
    ) - now())::float8 * 1000 as rest
  `
  return row.rest
}

/** Give back pushes that were taken and not tried after all: they are due again after so many milliseconds. */
export async function giveBack(taken: DueDelivery[], retryIn: number, db: Db = sidePool()) {
  await db`
    update push_deliveries as delivery
    set status = 'pending', attempts = attempts - 1, due_at = now() + ${Math.ceil(retryIn)}::bigint * interval '1 millisecond'
    from unnest(${taken.map(({ id }) => id)}::bigint[], ${taken.map(({ attempt }) => attempt)}::int[]) as untried (id, attempt)
    where delivery.id = untried.id and status = 'sending' and attempts = attempt
  `
}

/** Push no more of what a run has to tell: it was cancelled. */
export async function cancelPushes(runId: string, db: Db = pool()) {
  await db`
    update push_deliveries
    set status = 'cancelled', error = 'the run was cancelled'
    where status = 'pending' ${ofRun(runId, db)}
  `
}

/** Push no more to somebody of what they do not want pushed. */
export async function cancelUnwanted(userId: number, db: Db = pool()) {
  await db`
    update push_deliveries as delivery
    set status = 'cancelled', error = 'not wanted any more'
    from notifications as notification
    join notification_preferences as wish using (user_id)
    where notification.id = notification_id and notification.user_id = ${userId} and status = 'pending'
      and not coalesce((wish.categories -> notification.category ->> 'push')::boolean, wish.push)
  `
}

/** Old outcomes. */
export const oldDeliveries: Aged = {
  table: "push_deliveries",
  since: "created_at",
  target: "logs",
  atLeast: { interval: "30 days", why: "a push may be put off for as long" },
}
