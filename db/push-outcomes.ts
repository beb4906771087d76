import { type Db, pool, sidePool } from "./pool.ts"
import type { DueDelivery } from "./push-deliveries.ts"
import type { PushChannel } from "./push-subscriptions.ts"

/** How a push can stand. */
export const pushStatuses = [
  ...(["pending", "sending", "sent", "delivered", "gone", "refused", "failed"] as const),
  ...(["expired", "cancelled", "unknown"] as const),
] as const

type PushStatus = (typeof pushStatuses)[number]

/** What a push has come to. */
export interface Ended {
  service: string
  status: Exclude<PushStatus, "sending">
}

/** What a push has come to, and whether its device is forgotten for that. */
export interface Settled extends Ended {
  isForgotten: boolean
}

/** What came of a try. */
export type Outcome = {
  delivery: Pick<DueDelivery, "id" | "attempt">
  /** Milliseconds for which its push service has asked to be left alone. */
  rest?: number
} & (
  | { status: "sent"; ticketId?: string }
  | { status: "gone" | "refused" | "failed" | "unknown"; error: string }
  /** To be tried again, after so many milliseconds; it may have been taken all the same. */
  | { status: "pending"; error: string; retryIn: number; mayBeSent: boolean }
)

/** Pushes given up in a row after which a device is not tried any more, until it subscribes again. */
const MOST_FAILURES = 10

/** Minutes after which Expo knows what became of what it took. */
const RECEIPT_AFTER = 15

/** The longest that a push service is left alone for one answer, in milliseconds. */
const LONGEST_REST = 15 * 60_000

/**
 * Record what came of tries, and return it. A device that is gone is forgotten; one that never takes anything is left alone, and
 * so is a push service for as long as it asks.
 */
export async function settle(outcomes: Outcome[], db: Db = sidePool()): Promise<Settled[]> {
  const each = <T>(field: (outcome: Outcome) => T) => outcomes.map(field)
  return await db<Settled[]>`
    with outcome as (
      select *
      from unnest(
        ${each(({ delivery }) => delivery.id)}::bigint[], ${each(({ delivery }) => delivery.attempt)}::int[],
        ${each(({ status }) => status)}::text[], ${each((one) => ("error" in one ? one.error : null))}::text[],
        ${each((one) => ("retryIn" in one ? Math.ceil(one.retryIn) : 0))}::bigint[],
        ${each((one) => String("mayBeSent" in one && one.mayBeSent))}::text[]::boolean[],
        ${each((one) => ("ticketId" in one ? (one.ticketId ?? null) : null))}::text[],
        ${each(({ rest = 0 }) => Math.ceil(Math.min(rest, LONGEST_REST)))}::bigint[]
      ) as outcome (id, attempt, status, error, retry_in, may_be_sent, ticket_id, rest)
    ),
    settled as (
      update push_deliveries as delivery
      set status = outcome.status, error = outcome.error, ticket_id = outcome.ticket_id,
        in_doubt = in_doubt or may_be_sent, sent_at = case when outcome.status = 'sent' then now() end,
        due_at = now() + retry_in * interval '1 millisecond',
        receipt_due_at = case when outcome.ticket_id is not null then now() + ${RECEIPT_AFTER} * interval '1 minute' end
      from outcome
      where delivery.id = outcome.id and delivery.status = 'sending' and attempts = attempt
      returning subscription_id, service, outcome.status, rest
    ),
    rested as (
      insert into push_services as known (name, resting_until)
      select service, now() + max(rest) * interval '1 millisecond' from settled where rest > 0 group by service order by service
      on conflict (name) do update
      set resting_until = greatest(known.resting_until, excluded.resting_until)
    ),
    told as (
      select subscription_id, bool_or(status = 'sent') as is_ok, count(*) filter (where status in ('refused', 'failed'))::int as failed
      from settled
      where status in ('sent', 'refused', 'failed')
      group by subscription_id
    ),
    dead as (
      delete from push_subscriptions
      where id in (select subscription_id from settled where status = 'gone')
      returning id
    ),
    noted as (
      update push_subscriptions as device
      set last_ok_at = case when is_ok then now() else last_ok_at end,
        failures = case when is_ok then 0 else failures + failed end,
        disabled_at = case when not is_ok and failures + failed >= ${MOST_FAILURES} then now() else disabled_at end
      from told
      where device.id = subscription_id and id not in (select subscription_id from settled where status = 'gone')
    )
    select service, status, ${isForgotten(db)} as is_forgotten
    from settled
    left join dead on dead.id = subscription_id
  `
}

/** Of several pushes to a device that is gone, one has it forgotten. */
export const isForgotten = (db: Db) =>
  db`dead.id is not null and row_number() over (partition by subscription_id, status) = 1`

/** What became of a notification at a device. */
export interface Push {
  id: number
  /** Null when it is forgotten. */
  deviceId: number | null
  channel: PushChannel
  service: string
  status: PushStatus
  attempts: number
  error: string | null
  /** When it is tried next; null when it is not. */
  dueAt: Date | null
  sentAt: Date | null
  createdAt: Date
}

/** What became of a notification of somebody at each of their devices; undefined when there is no such notification. */
export async function listPushes(
  userId: number,
  notificationId: number,
  db: Db = pool(),
): Promise<Push[] | undefined> {
  const rows = await db<(Push | Record<keyof Push, null>)[]>`
    select delivery.id, subscription_id as device_id, channel, service, status, attempts, error,
      case when status = 'pending' then due_at end as due_at, sent_at, delivery.created_at
    from notifications as notification
    left join push_deliveries as delivery on notification_id = notification.id
    where notification.id = ${notificationId} and notification.user_id = ${userId}
    order by delivery.id
  `
  return rows.length ? rows.filter((row): row is Push => row.id !== null) : undefined
}

/** How many pushes of a run have come to what. */
export async function countOutcomes(runId: string, db: Db = pool()): Promise<Map<string, number>> {
  const rows = await db<{ status: string; count: number }[]>`
    select status, count(*)::int as count
    from push_deliveries
    join notifications as notification on notification.id = notification_id
    where run_id = ${runId}
    group by status
  `
  return new Map(rows.map(({ status, count }) => [status, count]))
}
