import type postgres from "postgres"
import type { NotificationType } from "../lib/notifications/type.ts"
import { asJson } from "./json.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** What somebody is told. `createdAt` and `readAt` are ISO 8601. */
export interface Notification {
  id: number
  title: string
  message: string
  type: NotificationType
  category: string
  actionUrl: string | null
  data: Record<string, unknown> | null
  readAt: string | null
  createdAt: string
}

type Row = Omit<Notification, "data"> & { data: string | null }

const columns = (db: Db) => db`
  id, title, message, type, category, action_url, data::text,
  to_json(read_at at time zone 'UTC') #>> '{}' || 'Z' as read_at, to_json(created_at at time zone 'UTC') #>> '{}' || 'Z' as created_at
`

const asTold = ({ data, ...row }: Row): Notification => ({
  ...row,
  data: data === null ? null : JSON.parse(data),
})

/** What a run has to tell, and who would be told of it again. */
export interface Telling {
  runId: string
  dedupeKey: string
  category: string
  title: string
  message: string
  type: NotificationType
  actionUrl: string | null
  data: Record<string, unknown> | null
}

/** Somebody to be told, and whether in the list of the application. */
export interface Recipient {
  userId: number
  inApp: boolean
}

/**
 * Tell people once: who has been told under the same key is passed over. Returns the ids of what is new. Ids of a person's
 * notifications follow the order in which they can be seen, since who tells somebody keeps others waiting until that is committed.
 */
export async function addNotifications(
  { runId, dedupeKey, category, title, message, type, actionUrl, data }: Telling,
  recipients: Recipient[],
  tx: postgres.TransactionSql,
): Promise<{ id: number; userId: number }[]> {
  const userIds = recipients.map(({ userId }) => userId)
  await tx`select from users where id = any(${userIds}::bigint[]) order by id for no key update`
  return await tx<{ id: number; userId: number }[]>`
    insert into notifications
      (user_id, run_id, dedupe_key, category, title, message, type, action_url, data, in_app)
    select user_id, ${runId}, ${dedupeKey}, ${category}, ${title}, ${message}, ${type}, ${actionUrl},
      ${data && asJson(data)}::text::jsonb, in_app
    from unnest(${userIds}::bigint[], ${recipients.map(({ inApp }) => String(inApp))}::text[]::boolean[]) as recipient (user_id, in_app)
    join users on users.id = user_id
    on conflict (user_id, dedupe_key) do nothing
    returning id, user_id
  `
}

/** How many people a run has told. */
export async function countNotified(runId: string, db: Db = pool()): Promise<number> {
  const [row] = await db<
    [{ count: number }]
  >`select count(*)::int as count from notifications where run_id = ${runId}`
  return row.count
}

interface Page {
  /** Those before the one with this id. */
  before?: number | null
  unread?: boolean
  limit: number
}

/** The notifications of somebody, latest first. */
export async function listNotifications(
  userId: number,
  { before = null, unread = false, limit }: Page,
  db: Db = pool(),
): Promise<Notification[]> {
  const rows = await db<Row[]>`
    select ${columns(db)}
    from notifications
    where user_id = ${userId} and in_app
      ${before === null ? db`` : db`and id < ${before}`}
      ${unread ? db`and read_at is null` : db``}
    order by id desc
    limit ${limit}
  `
  return rows.map(asTold)
}

/** The notifications of somebody after the one with this id, up to and with another, the first of them first. */
export async function notificationsAfter(
  userId: number,
  { after, upTo = null, limit }: { after: number; upTo?: number | null; limit: number },
  db: Db = pool(),
): Promise<Notification[]> {
  const rows = await db<Row[]>`
    select ${columns(db)}
    from notifications
    where user_id = ${userId} and in_app and id > ${after} and (${upTo}::bigint is null or id <= ${upTo})
    order by notifications.id
    limit ${limit}
  `
  return rows.map(asTold)
}

/** How somebody's notifications stand: the id of the latest, nought when there is none; undefined when there is no such user. */
export async function findInbox(
  userId: number,
  db: Db = pool(),
): Promise<{ latest: number; unread: number } | undefined> {
  const [inbox] = await db<{ latest: number; unread: number }[]>`
    select coalesce((select max(id) from notifications where user_id = users.id and in_app), 0) as latest,
      (
        select count(*)::int
        from (
          select from notifications where user_id = users.id and in_app and read_at is null limit ${MOST_COUNTED}
        ) as unread
      ) as unread
    from users
    where users.id = ${userId}
  `
  return inbox
}

/** Unread notifications that are counted at most. */
const MOST_COUNTED = 1_000

/** Note that somebody has read one of their notifications; undefined when it is none of theirs. One that is read stays as it is. */
export async function markRead(
  userId: number,
  id: number,
  db: Db = pool(),
): Promise<Notification | undefined> {
  const [row] = await db<Row[]>`
    update notifications
    set read_at = coalesce(read_at, now())
    where id = ${id} and user_id = ${userId} and in_app
    returning ${columns(db)}
  `
  return row && asTold(row)
}

/** Note that somebody has read all that they were told up to this id, or all there is; returns how many were new to them. */
export async function markAllRead(userId: number, upTo: number | null, db: Db = pool()): Promise<number> {
  const read = await db`
    update notifications
    set read_at = now()
    where user_id = ${userId} and in_app and read_at is null and (${upTo}::bigint is null or id <= ${upTo})
  `
  return read.count
}

/** Old notifications. */
export const oldNotifications: Aged = {
  table: "notifications",
  since: "created_at",
  target: "logs",
  atLeast: { interval: "6 months", why: "people look up what they were told" },
}
