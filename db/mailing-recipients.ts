import { kindOf } from "../lib/emails/kinds.ts"
import type { Locale } from "../lib/locale.ts"
import type { MailingOutcome } from "../lib/mailings/outcome.ts"
import { asJson } from "./json.ts"
import type { Mailing } from "./mailings.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged, Keep } from "./retention/aged.ts"

/** Whom a mailing goes to, with what it says to them alone. */
export interface Recipient {
  email: string
  locale: Locale | null
  data: Record<string, unknown>
}

/**
 * Add recipients to a mailing that has not been started; an address that it has, in whatever letter case, is not added again.
 * Returns how many are new; undefined when it has been started.
 */
export const addRecipients = (id: number, recipients: readonly Recipient[]): Promise<number | undefined> =>
  pool().begin(async (tx) => {
    const [draft] = await tx`select from mailings where id = ${id} and status = 'draft' for no key update`
    if (!draft) return undefined
    const { count } = await tx`
      insert into mailing_recipients (mailing_id, email, locale, data)
      select ${id}, email, locale, data::jsonb
      from unnest(
        ${recipients.map(({ email }) => email)}::text[], ${recipients.map(({ locale }) => locale)}::text[],
        ${recipients.map(({ data }) => asJson(data))}::text[]
      ) with ordinality as recipient (email, locale, data, place)
      order by place
      on conflict (mailing_id, address) do nothing
    `
    await tx`update mailings set recipients = recipients + ${count}, updated_at = now() where id = ${id}`
    return count
  })

/** The recipients of a chunk, in their order. */
export async function recipientsOf(mailingId: number, chunk: number, db: Db = pool()): Promise<Recipient[]> {
  const rows = await db<(Omit<Recipient, "data"> & { data: string })[]>`
    select email, locale, data::text
    from mailing_recipients
    where mailing_id = ${mailingId} and chunk = ${chunk}
    order by id
  `
  return rows.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) }))
}

/** What became of a recipient: of their mail, if there is one by now, else of their chunk, else of the mailing. */
const outcome = (db: Db) => db`
  case
    when message.complained_at is not null then 'complained'
    when message.bounced_at is not null then 'bounced'
    when message.failed_at is not null then 'failed'
    when message.suppressed_at is not null then 'suppressed'
    when coalesce(message.delivered_at, message.opened_at, message.clicked_at) is not null then 'delivered'
    when message.delayed_at is not null then 'delayed'
    when message.status in ('sent', 'refused', 'suppressed') then message.status
    when chunk.status = 'failed' then 'failed'
    when message.status is not null then 'sending'
    when mailing.status = 'cancelled' then 'cancelled'
    else 'waiting'
  end
`

/** Each recipient with their chunk and their mail. */
const told = (db: Db) => db`
  mailing_recipients as recipient
  join mailings as mailing on mailing.id = recipient.mailing_id
  left join mailing_chunks as chunk on chunk.mailing_id = recipient.mailing_id and chunk.number = recipient.chunk
  left join email_messages as message
    on message.mailing_id = recipient.mailing_id and message.recipient = recipient.email
      and message.run_id = 'mailing/' || recipient.mailing_id || '/' || recipient.chunk
`

/** How far a mailing is: its recipients by what became of them, and how many have opened it or followed a link. */
export async function countOutcomes(
  mailingId: number,
  db: Db = pool(),
): Promise<{ outcomes: Partial<Record<MailingOutcome, number>>; opened: number; clicked: number }> {
  const rows = await db<{ outcome: MailingOutcome; count: number; opened: number; clicked: number }[]>`
    select ${outcome(db)} as outcome, count(*)::int8 as count, count(opened_at)::int8 as opened, count(clicked_at)::int8 as clicked
    from ${told(db)}
    where recipient.mailing_id = ${mailingId}
    group by 1
  `
  return {
    outcomes: Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count])),
    opened: rows.reduce((sum, { opened }) => sum + opened, 0),
    clicked: rows.reduce((sum, { clicked }) => sum + clicked, 0),
  }
}

/** A recipient, and what became of them. */
export interface ToldRecipient {
  id: number
  email: string
  outcome: MailingOutcome
  /** Why, where somebody said so. */
  error: string | null
  sentAt: Date | null
  deliveredAt: Date | null
  openedAt: Date | null
}

/** Recipients of a mailing after one, with one outcome if it is told. */
export const listRecipients = (
  mailingId: number,
  {
    outcome: wanted,
    after = 0,
    limit,
  }: { outcome?: MailingOutcome | undefined; after?: number | undefined; limit: number },
  db: Db = pool(),
): Promise<ToldRecipient[]> => db`
  select recipient.id, recipient.email, ${outcome(db)} as outcome, coalesce(told, message.error, chunk.error) as error,
    sent_at, delivered_at, opened_at
  from ${told(db)}
  where recipient.mailing_id = ${mailingId} and recipient.id > ${after}
    ${wanted ? db`and ${outcome(db)} = ${wanted}` : db``}
  order by recipient.id
  limit ${limit}
`

/** The list that the mails of a mailing are of, for who has unsubscribed from it. */
export const listOfMailing = ({ template, list, agencyId }: Mailing) =>
  kindOf(template) === "list" && list !== null ? { name: list, agencyId } : undefined

const whileItIsUnderWay: Keep = {
  why: "of a mailing that has not ended",
  rows: (db) =>
    db`exists (select from mailings where id = kept.mailing_id and mailings.status in ('sending', 'paused'))`,
}

/** Recipients of mailings of long ago, and their chunks. */
export const oldRecipients: Aged[] = ["mailing_recipients", "mailing_chunks"].map((table) => ({
  table,
  since: "created_at",
  target: "logs",
  keeps: [whileItIsUnderWay],
}))
