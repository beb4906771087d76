import type { TemplateName } from "../lib/emails/index.ts"
import { kindOf, STOPPED_BY } from "../lib/emails/kinds.ts"
import { applyEvents } from "./email-events.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** A mail of a run to one recipient. Those of a chunk go to the provider in one request. */
export interface Delivery {
  recipient: string
  chunk: number
  /** `failed`: not yet sent, and why is noted. `refused`: never to be. */
  status: "sending" | "sent" | "failed" | "refused" | "suppressed"
  providerId: string | null
  error: string | null
  /** The provider may have it, and would not know it again. */
  isLost: boolean
}

/** Hours for which the provider knows again what it has taken: an hour less than it says. */
const KNOWN_FOR = 23

const delivery = (db: Db) => db`
  recipient, chunk, status, provider_id, error,
  coalesce(in_doubt_since < now() - ${KNOWN_FOR} * interval '1 hour', false) as is_lost
`

/** All that a run has begun to send so far. */
export const deliveriesOf = async (runId: string, db: Db = pool()): Promise<Delivery[]> => db<Delivery[]>`
  select ${delivery(db)}
  from email_messages
  where run_id = ${runId}
`

interface Beginning {
  /** The run, or the chunk of a mailing. */
  runId: string
  chunk: number
  template: TemplateName
  letters: { recipient: string; locale: string; subject: string }[]
  mailingId?: number | null
  /** The list that the mails are of; an agency's lists are its own. */
  list?: { name: string; agencyId: number | null } | undefined
}

/**
 * Settle, before a chunk is sent, who has a mail in it, and that the provider may have it from now on: those whose addresses are suppressed now for mail
 * of this kind, in whatever letter case, or who have unsubscribed from its list, have none. Who was settled before stands. Returns
 * the chunk in the order of its recipients.
 */
export async function beginChunk(
  { runId, chunk, template, letters, mailingId = null, list }: Beginning,
  db: Db = pool(),
): Promise<Delivery[]> {
  const recipients = letters.map(({ recipient }) => recipient)
  const rows = await db<Delivery[]>`
    insert into email_messages as message
      (run_id, chunk, mailing_id, recipient, template, locale, subject, status, in_doubt_since)
    select
      ${runId}, ${chunk}, ${mailingId}, recipient, ${template}, locale, subject,
      case when stopped then 'suppressed' else 'sending' end,
      case when not stopped then now() end
    from (
      select letter.*, suppression.email is not null or unsubscription.email is not null as stopped
      from unnest(
        ${recipients}::text[], ${letters.map(({ locale }) => locale)}::text[],
        ${letters.map(({ subject }) => subject)}::text[]
      ) with ordinality as letter (recipient, locale, subject, place)
      left join email_suppressions as suppression
        on suppression.email = lower(recipient) and reason = any(${STOPPED_BY[kindOf(template)]})
      left join email_unsubscriptions as unsubscription
        on unsubscription.email = lower(recipient) and list = ${list?.name ?? null}
          and agency_id is not distinct from ${list?.agencyId ?? null}
    ) as wanted
    order by place
    on conflict (run_id, recipient) do update
    set in_doubt_since = case when message.status in ('sending', 'failed') then coalesce(message.in_doubt_since, now()) end
    returning ${delivery(db)}
  `
  const place = new Map(recipients.map((recipient, index) => [recipient, index]))
  return rows.sort((one, other) => place.get(one.recipient)! - place.get(other.recipient)!)
}

/**
 * Record within a transaction what the provider said of each mail of a chunk: taken, or refused for good by its `error`; and what
 * it has told since of those that it took.
 */
export async function settleChunk(
  runId: string,
  outcomes: Pick<Delivery, "recipient" | "providerId" | "error">[],
  tx: Db,
) {
  await tx`
    update email_messages as message
    set status = case when outcome.error is null then 'sent' else 'refused' end,
        sent_at = case when outcome.error is null then now() end,
        in_doubt_since = null,
        provider_id = outcome.provider_id,
        error = outcome.error
    from unnest(
      ${outcomes.map(({ recipient }) => recipient)}::text[],
      ${outcomes.map(({ providerId }) => providerId)}::text[],
      ${outcomes.map(({ error }) => error)}::text[]
    ) as outcome (recipient, provider_id, error)
    where run_id = ${runId} and message.recipient = outcome.recipient and status in ('sending', 'failed')
  `
  await applyEvents(
    outcomes.flatMap(({ providerId }) => providerId ?? []),
    tx,
  )
}

/** What came of handing a chunk over, when it was not taken. */
interface Unsent {
  /** Why the attempt has failed; null for one that was only put off. */
  error: string | null
  /** Whether the provider may have the mails all the same. */
  mayBeSent: boolean
}

/** Note why the latest attempt has not sent a chunk; a later one may. */
export async function noteUnsent(
  runId: string,
  chunk: number,
  { error, mayBeSent }: Unsent,
  db: Db = pool(),
) {
  await db`
    update email_messages
    set status = case when ${error}::text is null then status else 'failed' end,
        error = coalesce(${error}, error),
        in_doubt_since = case when ${mayBeSent} then in_doubt_since end
    where run_id = ${runId} and chunk = ${chunk} and status in ('sending', 'failed')
  `
}

/** Mails by which somebody was told what they owe, or of a term: that they were sent may have to be proved. */
const NOTICES = ["contract-expiring", "invoice", "payment-overdue", "payment-reminder"]

/** Old mails of the mail log. */
export const oldMails: Aged = {
  table: "email_messages",
  since: "created_at",
  target: "logs",
  atLeast: {
    interval: "9 days",
    why: "a run that is retried within a week has to know who has had its mail",
  },
  keeps: [
    {
      why: "what proves that charges and terms were told of is kept for five years",
      rows: (db) => db`kept.template = any(${NOTICES}) and kept.created_at >= now() - interval '5 years'`,
    },
  ],
}
