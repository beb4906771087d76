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
  runId: string
  chunk: number
  recipients: string[]
  template: string
  locale: string
  subject: string
}

/**
 * Settle, before a chunk is sent, who has a mail in it, and that the provider may have it from now on: those whose addresses are suppressed now, in whatever letter
 * case, have none. Who was settled before stands. Returns the chunk in the order of its recipients.
 */
export async function beginChunk(
  { runId, chunk, recipients, template, locale, subject }: Beginning,
  db: Db = pool(),
): Promise<Delivery[]> {
  const rows = await db<Delivery[]>`
    insert into email_messages as message
      (run_id, chunk, recipient, template, locale, subject, status, in_doubt_since)
    select
      ${runId}, ${chunk}, recipient, ${template}, ${locale}, ${subject},
      case when suppression.email is null then 'sending' else 'suppressed' end,
      case when suppression.email is null then now() end
    from unnest(${recipients}::text[]) with ordinality as wanted (recipient, place)
    left join email_suppressions as suppression on suppression.email = lower(recipient)
    order by place
    on conflict (run_id, recipient) do update
    set in_doubt_since = case when message.status in ('sending', 'failed') then coalesce(message.in_doubt_since, now()) end
    returning ${delivery(db)}
  `
  const place = new Map(recipients.map((recipient, index) => [recipient, index]))
  return rows.sort((one, other) => place.get(one.recipient)! - place.get(other.recipient)!)
}

/** Record in one statement what the provider said of each mail of a chunk: taken, or refused for good by its `error`. */
export async function settleChunk(
  runId: string,
  outcomes: Pick<Delivery, "recipient" | "providerId" | "error">[],
  db: Db = pool(),
) {
  await db`
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
