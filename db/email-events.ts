import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** Something that the provider tells of a mail. */
export interface EmailEvent {
  /** The same when it is told again. */
  id: string
  type: string
  /** The mail's id at the provider. */
  providerId: string
  /** Whether an address that bounced is none, or only did not take the mail. */
  bounce: "hard" | "soft" | null
  /** Why, in the provider's words. */
  told: string | null
  happenedAt: Date
}

/** Keep what the provider tells, once, and note it with its mail, if that is known by now. Returns whether it is new. */
export const noteEvent = (event: EmailEvent): Promise<boolean> =>
  pool().begin(async (tx) => {
    const { id, type, providerId, bounce, told, happenedAt } = event
    await lockMails([providerId], tx)
    const kept = await tx`
      insert into email_events (id, type, provider_id, bounce, told, happened_at)
      values (${id}, ${type}, ${providerId}, ${bounce}, ${told}, ${happenedAt})
      on conflict (id) do nothing
    `
    if (kept.count > 0) await applyWaiting([providerId], tx)
    return kept.count > 0
  })

/** Note what the provider has told of mails before it was known that they are ours. */
export async function applyEvents(providerIds: string[], tx: Db) {
  if (providerIds.length === 0) return
  await lockMails(providerIds, tx)
  await applyWaiting(providerIds, tx)
}

/** A mail's id, and what is told of it, may be noted at the same moment: one of the two sees the other. Locked in one order by all. */
const lockMails = (providerIds: string[], tx: Db) => tx`
  select pg_advisory_xact_lock(key)
  from (
    select distinct hashtextextended('esteira.mail.' || id, 0) as key from unnest(${providerIds}::text[]) as id order by key
  ) as keys
`

/**
 * Each time is the first that is told, so that it does not matter in which order they come. An address that bounced for good, or
 * complained, is suppressed; by its stronger reason when it is already.
 */
const applyWaiting = (providerIds: string[], tx: Db) => tx`
  with fresh as (
    update email_events as event
    set applied_at = now()
    where provider_id = any(${providerIds}) and applied_at is null
      and exists (select from email_messages as message where message.provider_id = event.provider_id)
    returning provider_id, type, bounce, told, happened_at
  ),
  happened as (
    select provider_id,
      min(happened_at) filter (where type = 'email.delivery_delayed') as delayed_at,
      min(happened_at) filter (where type = 'email.delivered') as delivered_at,
      min(happened_at) filter (where type = 'email.opened') as opened_at,
      min(happened_at) filter (where type = 'email.clicked') as clicked_at,
      min(happened_at) filter (where type = 'email.bounced') as bounced_at,
      min(bounce) as bounce,
      min(happened_at) filter (where type = 'email.complained') as complained_at,
      min(happened_at) filter (where type = 'email.failed') as failed_at,
      min(happened_at) filter (where type = 'email.suppressed') as suppressed_at,
      min(told) as told
    from fresh
    group by provider_id
  ),
  noted as (
    update email_messages as message
    set delayed_at = least(message.delayed_at, happened.delayed_at),
      delivered_at = least(message.delivered_at, happened.delivered_at),
      opened_at = least(message.opened_at, happened.opened_at),
      clicked_at = least(message.clicked_at, happened.clicked_at),
      bounced_at = least(message.bounced_at, happened.bounced_at),
      bounce = least(message.bounce, happened.bounce),
      complained_at = least(message.complained_at, happened.complained_at),
      failed_at = least(message.failed_at, happened.failed_at),
      suppressed_at = least(message.suppressed_at, happened.suppressed_at),
      told = coalesce(message.told, happened.told)
    from happened
    where message.provider_id = happened.provider_id
    returning lower(recipient) as email, happened.bounce = 'hard' as is_none, happened.complained_at is not null as complains
  )
  insert into email_suppressions as suppression (email, reason)
  select email, case when bool_or(is_none) then 'bounced' else 'complained' end
  from noted
  where is_none or complains
  group by email
  order by email
  on conflict (email) do update
  set reason = excluded.reason
  where suppression.reason = 'unsubscribed' or (suppression.reason = 'complained' and excluded.reason = 'bounced')
`

/** What was told of mails long ago. */
export const oldEvents: Aged = { table: "email_events", since: "created_at", target: "logs" }
