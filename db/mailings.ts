import type { TemplateName } from "../lib/emails/index.ts"
import type { Locale } from "../lib/locale.ts"
import type { MailingStatus } from "../lib/mailings/outcome.ts"
import { asJson } from "./json.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** One mail to very many, by the worker that asks for its chunks. */
export interface Mailing {
  id: number
  /** Its name at the provider. */
  token: string
  key: string | null
  agencyId: number | null
  template: TemplateName
  /** What its recipients can unsubscribe from. */
  list: string | null
  subject: string | null
  sender: string | null
  locale: Locale
  /** What it says to all. */
  data: Record<string, unknown>
  perMinute: number
  status: MailingStatus
  recipients: number
  createdBy: string
  /** Who has brought it to its status, and why. */
  decidedBy: string
  reason: string | null
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
}

/** What is asked for. */
export type NewMailing = Pick<
  Mailing,
  | "key"
  | "agencyId"
  | "template"
  | "list"
  | "subject"
  | "sender"
  | "locale"
  | "data"
  | "perMinute"
  | "createdBy"
>

/** What is read of a mailing; its JSON as text, since the pool would rename what is in it. */
const columns = (db: Db) => db`
  id, token, key, agency_id, template, list, subject, sender, locale, data::text, per_minute, status, recipients, created_by,
  decided_by, reason, created_at, started_at, ended_at
`

type Row = Omit<Mailing, "data"> & { data: string }

const read = ({ data, ...row }: Row): Mailing => ({ ...row, data: JSON.parse(data) })

/**
 * Put a mailing down. With the key of one that there is, that one is returned, and whether it is the same; undefined when there is
 * no such agency.
 */
export async function addMailing(
  mailing: NewMailing,
  db: Db = pool(),
): Promise<{ mailing: Mailing; isNew: boolean; isSame: boolean } | undefined> {
  const { key, agencyId, template, list, subject, sender, locale, data, perMinute, createdBy } = mailing
  const [added] = await db<Row[]>`
    insert into mailings (key, agency_id, template, list, subject, sender, locale, data, per_minute, created_by, decided_by)
    select ${key}, ${agencyId}, ${template}, ${list}, ${subject}, ${sender}, ${locale}, ${asJson(data)}::text::jsonb,
      ${perMinute}, ${createdBy}, ${createdBy}
    where ${agencyId}::bigint is null or exists (select from agencies where id = ${agencyId})
    on conflict (key) do nothing
    returning ${columns(db)}
  `
  if (added) return { mailing: read(added), isNew: true, isSame: true }
  const [there] = await db<(Row & { isSame: boolean })[]>`
    select ${columns(db)},
      (agency_id, template, list, subject, sender, locale, data, per_minute) is not distinct from
        (${agencyId}::bigint, ${template}, ${list}::text, ${subject}::text, ${sender}::text, ${locale}, ${asJson(data)}::text::jsonb,
          ${perMinute}::int) as is_same
    from mailings
    where key = ${key}
  `
  if (!there) return undefined
  const { isSame, ...row } = there
  return { mailing: read(row), isNew: false, isSame }
}

/** A mailing by its id. */
export async function findMailing(id: number, db: Db = pool()): Promise<Mailing | undefined> {
  const [row] = await db<Row[]>`select ${columns(db)} from mailings where id = ${id}`
  return row && read(row)
}

/** Mailings, the latest first, those before an id. */
export async function listMailings(
  limit: number,
  before: number | null,
  db: Db = pool(),
): Promise<Mailing[]> {
  const rows = await db<Row[]>`
    select ${columns(db)}
    from mailings
    where ${before}::bigint is null or id < ${before}
    order by id desc
    limit ${limit}
  `
  return rows.map(read)
}

/** Where workers hear that there may be something to do for a mailing. */
export const MAILING_CHANNEL = "esteira_mailings"

/** Have workers look at what there is to do, once this is committed. */
export const wakeMailings = async (db: Db) => {
  await db`select pg_notify(${MAILING_CHANNEL}, '')`
}

/** What is decided of a mailing, and where it may stand for that. */
const DECISIONS = {
  start: { from: ["draft"], to: "sending" },
  pause: { from: ["sending"], to: "paused" },
  resume: { from: ["paused"], to: "sending" },
  cancel: { from: ["draft", "sending", "paused"], to: "cancelled" },
} as const satisfies Record<string, { from: MailingStatus[]; to: MailingStatus }>

export type Decision = keyof typeof DECISIONS

/**
 * Decide what becomes of a mailing. `isDone`: it is as decided, by this or from before. Once a pause or an end is committed, no
 * mail of it is handed over that was not on its way. Undefined when there is no such mailing.
 */
export async function decide(
  id: number,
  decision: Decision,
  { actor, reason = null }: { actor: string; reason?: string | null | undefined },
): Promise<{ before: MailingStatus; mailing: Mailing; isDone: boolean } | undefined> {
  const { from, to } = DECISIONS[decision]
  return await pool().begin(async (tx) => {
    const [held] = await tx<Row[]>`select ${columns(tx)} from mailings where id = ${id} for no key update`
    if (!held) return undefined
    const mailing = read(held)
    const { status, recipients } = mailing
    const isSo = status === to || (decision === "start" && (status === "paused" || status === "completed"))
    const isFit = from.some((one) => one === status) && (decision !== "start" || recipients > 0)
    if (!isFit) return { before: status, mailing, isDone: isSo }
    const [row] = await tx<[Row]>`
      update mailings
      set status = ${to}, decided_by = ${actor}, reason = ${reason}, due_at = now(), updated_at = now(),
        started_at = coalesce(started_at, case when ${decision === "start"} then now() end),
        ended_at = case when ${to === "cancelled"} then now() end
      where id = ${id}
      returning ${columns(tx)}
    `
    await wakeMailings(tx)
    return { before: status, mailing: read(row), isDone: true }
  })
}

/** Mailings of long ago; one that has begun and not ended stays. */
export const oldMailings: Aged = {
  table: "mailings",
  since: "created_at",
  target: "logs",
  keeps: [
    {
      why: "a mailing that has not ended",
      rows: (db) => db`kept.status in ('sending', 'paused')`,
    },
  ],
}
