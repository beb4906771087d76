import { type Db, pool } from "./pool.ts"

/** A mail of a run to one recipient. Those of a chunk go to the provider in one request. */
export interface Delivery {
  recipient: string
  chunk: number
  /** `failed`: not yet sent, and why is noted. `refused`: never to be. */
  status: "sending" | "sent" | "failed" | "refused" | "suppressed"
  providerId: string | null
  error: string | null
}

/** All that a run has begun to send so far. */
export const deliveriesOf = async (runId: string, db: Db = pool()): Promise<Delivery[]> => db<Delivery[]>`
  select recipient, chunk, status, provider_id, error
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
 * Settle, before a chunk is first sent, who has a mail in it: those whose addresses are suppressed now, in whatever letter
 * case, have none. What was settled before stands. Returns the chunk in the order of its recipients.
 */
export async function beginChunk(
  { runId, chunk, recipients, template, locale, subject }: Beginning,
  db: Db = pool(),
): Promise<Delivery[]> {
  const rows = await db<Delivery[]>`
    insert into email_messages as message (run_id, chunk, recipient, template, locale, subject, status)
    select
      ${runId}, ${chunk}, recipient, ${template}, ${locale}, ${subject},
      case when suppression.email is null then 'sending' else 'suppressed' end
    from unnest(${recipients}::text[]) with ordinality as wanted (recipient, place)
    left join email_suppressions as suppression on suppression.email = lower(recipient)
    order by place
    on conflict (run_id, recipient) do update
    set chunk = message.chunk
    returning recipient, chunk, status, provider_id, error
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

/** Note why the latest attempt has not sent a chunk; a later one may. */
export async function markFailed(runId: string, chunk: number, error: string, db: Db = pool()) {
  await db`
    update email_messages
    set status = 'failed', error = ${error}
    where run_id = ${runId} and chunk = ${chunk} and status in ('sending', 'failed')
  `
}
