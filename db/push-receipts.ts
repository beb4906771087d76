import { type Db, sidePool } from "./pool.ts"
import { isForgotten, type Settled } from "./push-outcomes.ts"

/** A ticket of Expo's, by which it says what became of a push. */
export interface Ticket {
  deliveryId: number
  ticketId: string
}

/** Take tickets that can be asked about, for so many milliseconds. Those of more than a day ago are forgotten, by Expo too. */
export const takeTickets = async (limit: number, lease: number, db: Db = sidePool()): Promise<Ticket[]> => db<
  Ticket[]
>`
  with forgotten as (
    update push_deliveries
    set receipt_due_at = null
    where receipt_due_at <= now() and sent_at <= now() - interval '23 hours'
  ),
  due as materialized (
    select id
    from push_deliveries
    where receipt_due_at <= now() and sent_at > now() - interval '23 hours'
    order by receipt_due_at
    limit ${limit}
    for update skip locked
  )
  update push_deliveries
  set receipt_due_at = now() + ${lease} * interval '1 millisecond'
  where id in (select id from due)
  returning id as delivery_id, ticket_id
`

/** What Expo says became of a push: Apple or Google has it, or why not. */
export interface Receipt extends Ticket {
  status: "delivered" | "gone" | "refused"
  error: string | null
}

/** Record what Expo says, and return it. A device that is gone is forgotten, unless it has subscribed again since. */
export async function settleReceipts(receipts: Receipt[], db: Db = sidePool()): Promise<Settled[]> {
  const each = <T>(field: (receipt: Receipt) => T) => receipts.map(field)
  return await db<Settled[]>`
    with settled as (
      update push_deliveries as delivery
      set status = receipt.status, error = receipt.error, receipt_due_at = null
      from unnest(
        ${each(({ deliveryId }) => deliveryId)}::bigint[], ${each(({ ticketId }) => ticketId)}::text[],
        ${each(({ status }) => status)}::text[], ${each(({ error }) => error)}::text[]
      ) as receipt (id, ticket_id, status, error)
      where delivery.id = receipt.id and delivery.ticket_id = receipt.ticket_id and delivery.status = 'sent'
      returning subscription_id, service, delivery.status, sent_at
    ),
    dead as (
      delete from push_subscriptions as device
      using settled
      where device.id = subscription_id and settled.status = 'gone' and seen_at <= sent_at
      returning device.id
    )
    select service, status, ${isForgotten(db)} as is_forgotten
    from settled
    left join dead on dead.id = subscription_id
  `
}
