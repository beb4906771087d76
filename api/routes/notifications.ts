import { Elysia } from "elysia"
import { findInbox, listNotifications, markAllRead, markRead } from "../../db/notifications.ts"
import { listPushes } from "../../db/push-outcomes.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { tellInboxes } from "../../lib/notifications/inbox.ts"
import { inboxKey } from "../../lib/watched.ts"
import { allowPerson } from "../access/allow.ts"
import { personIn, personOf } from "../access/person-of.ts"
import { describeChange } from "../access/principal.ts"
import {
  documentInbox,
  documentNotifications,
  documentPushes,
  documentRead,
  documentReadAll,
  documentUnread,
} from "../documentation/notifications.ts"
import { HttpError } from "../errors.ts"
import { follow } from "../events/hub.ts"
import { Inbox } from "../events/inbox.ts"
import { NOTHING_BUT_A_STREAM, streamTo } from "../events/stream.ts"
import { refuseHead } from "../head.ts"
import { isId } from "../ids.ts"
import { tellPush } from "../notifications.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { notificationsQuery, readRequest } from "../requests/notifications.ts"

const AWAY = "PostgreSQL, which keeps the notifications, does not answer: try again in a moment"

/** Milliseconds for which somebody listens at a time: a session may have ended meanwhile. */
const LONGEST = 15 * 60_000

const queue = notification.name

/** What somebody was told in the application: the list, what is unread, what comes, and that it was read. */
export const notificationRoutes = new Elysia({ prefix: "/api/notifications" })
  .get(
    "",
    ({ request, query }) => list(request, query),
    allowPerson("read", documentNotifications(), { queue }),
  )
  .get(
    "/unread",
    ({ request, query }) => unread(request, query),
    allowPerson("read", documentUnread(), { queue }),
  )
  .get(
    "/events",
    ({ request, query }) => listen(request, query),
    allowPerson("read", documentInbox(), { queue }),
  )
  .get(
    "/:id/pushes",
    ({ request, query, params }) => pushes(request, query, params.id),
    allowPerson("read", documentPushes(), { queue }),
  )
  .post(
    "/read",
    ({ request, query, body }) => readAll(request, query, body),
    allowPerson("operate", documentReadAll(), { action: "notification.read-all", queue }),
  )
  .post(
    "/:id/read",
    ({ request, query, params }) => read(request, query, params.id),
    allowPerson("operate", documentRead(), { action: "notification.read", queue }),
  )

async function list(request: Request, query: unknown) {
  const { limit, before, unread, ...asked } = parse(notificationsQuery, query)
  const userId = await personOf(request, asked.userId)
  // One more than asked for tells whether there is a next page.
  const found = await fromPostgres(
    listNotifications(userId, { limit: limit + 1, before: before ?? null, unread }),
    AWAY,
  )
  const page = found.slice(0, limit)
  return { notifications: page, next: found.length > limit ? page.at(-1)!.id : null }
}

async function unread(request: Request, query: unknown) {
  const inbox = await fromPostgres(findInbox(await personIn(request, query)), AWAY)
  return { unread: inbox?.unread ?? 0 }
}

async function listen(request: Request, query: unknown) {
  refuseHead(request, NOTHING_BUT_A_STREAM)
  const userId = await personIn(request, query)
  const join = await follow(inboxKey(userId), () => new Inbox(userId))
  if (!join) throw new HttpError(404, `No user ${userId}`)
  return streamTo(join, request.headers.get("last-event-id") ?? undefined, LONGEST)
}

async function readAll(request: Request, query: unknown, body: unknown) {
  const { upTo = null } = parse(readRequest, body ?? {})
  const userId = await personIn(request, query)
  const count = await fromPostgres(markAllRead(userId, upTo), AWAY)
  describeChange(request, { target: `user:${userId}`, after: { count } })
  if (count > 0) await tellInboxes([userId])
  return { success: true, message: `${count} notifications are read`, count }
}

async function read(request: Request, query: unknown, id: string) {
  const userId = await personIn(request, query)
  const found = isId(id) ? await fromPostgres(markRead(userId, Number(id)), AWAY) : undefined
  if (!found) throw unknown(id)
  describeChange(request, { target: `notification:${found.id}` })
  await tellInboxes([userId])
  return found
}

async function pushes(request: Request, query: unknown, id: string) {
  const userId = await personIn(request, query)
  const found = isId(id) ? await fromPostgres(listPushes(userId, Number(id)), AWAY) : undefined
  if (!found) throw unknown(id)
  return { pushes: found.map(tellPush) }
}

const unknown = (id: string) => new HttpError(404, `No notification ${id.slice(0, 100)}`)
