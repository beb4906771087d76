import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { notification } from "../../lib/jobs/notification.ts"
import { like } from "../../lib/like.ts"
import { toldNotification, toldPush } from "../notifications.ts"
import { notificationsQuery, personQuery, readRequest } from "../requests/notifications.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"
import { aboutPerson, done, inPath, inQuery, next } from "./parts.ts"
import { stream } from "./stream.ts"

const tags = [notification.name]

const shown = {
  ...{ id: 12, title: "Novo contato", message: "Ana Beatriz tem interesse no imóvel AR1002", type: "info" },
  ...{ category: "leads", actionUrl: "/leads/1", data: { leadId: 1 }, readAt: null },
  createdAt: "2026-02-10T12:00:00.000Z",
} satisfies z.output<typeof toldNotification>

const read = like(toldNotification, { ...shown, readAt: "2026-02-10T12:01:00.000Z" })

const push = like(toldPush, {
  ...{
    id: 12,
    deviceId: 4,
    channel: "webpush",
    service: "https://fcm.googleapis.com",
    status: "sent",
    attempts: 1,
  },
  ...{ error: null, dueAt: null, sentAt: "2026-02-10T12:00:00.300Z", createdAt: "2026-02-10T12:00:00.000Z" },
})

const unknown = ["No such notification of theirs, or no such user", "No notification 12"] as const

/** The reference's page on the notifications of somebody. */
export const documentNotifications = (): DocumentDecoration => ({
  tags,
  summary: "The notifications of somebody, the latest first",
  operationId: "list-notifications",
  parameters: inQuery(notificationsQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ notifications: z.array(like(toldNotification, shown)), next }), "output"),
    },
    ...errors(aboutPerson),
  },
})

/** The reference's page on what is unread. */
export const documentUnread = (): DocumentDecoration => ({
  tags,
  summary: "How many notifications somebody has not read; more than 1000 are not counted",
  operationId: "count-unread-notifications",
  parameters: inQuery(personQuery),
  responses: {
    200: { description: "How many", content: json(z.object({ unread: like(z.int(), 3) }), "output") },
    ...errors(aboutPerson),
  },
})

const EVENTS = [
  "`snapshot`: `{unread}`, at the beginning, with the id of the latest notification",
  "`notification`: one that is new, as the list has it, with its id",
  "`unread`: `{unread}`, when that is another number",
]

/** The reference's page on listening to notifications. */
export const documentInbox = (): DocumentDecoration => ({
  tags,
  summary: "What somebody is told, as it comes, as server-sent events",
  description: `${EVENTS.join("; ")}. Every 15 seconds a comment tells that the stream is alive. It ends after a quarter of an hour, for whoever listens to come back, as browsers do, with the id they heard last.`,
  operationId: "notification-events",
  parameters: [
    ...inQuery(personQuery),
    {
      name: "last-event-id",
      in: "header",
      required: false,
      description: "the id of the last notification that was heard: those since are told first",
      schema: { type: "string" },
    },
  ],
  responses: {
    200: {
      description: "The events",
      content: stream([
        { event: "snapshot", data: { unread: 3 }, id: "11" },
        { event: "notification", data: shown, id: "12" },
        { event: "unread", data: { unread: 4 } },
      ]),
    },
    ...errors({ ...aboutPerson, 503: "Redis or PostgreSQL does not answer, or too many listen here" }),
  },
})

/** The reference's page on having read all. */
export const documentReadAll = (): DocumentDecoration => ({
  tags,
  summary: "Note that somebody has read all their notifications, or those up to one",
  operationId: "read-notifications",
  parameters: inQuery(personQuery),
  requestBody: { required: false, content: json(readRequest, "input", { upTo: 12 }) },
  responses: {
    200: {
      description: "They are read; `count` is how many were not before",
      content: json(done("3 notifications are read").extend({ count: like(z.int(), 3) }), "output"),
    },
    ...errors(aboutPerson),
  },
})

/** The reference's page on what became of one at devices. */
export const documentPushes = (): DocumentDecoration => ({
  tags,
  summary: "What became of a notification at each device of whom it is for",
  operationId: "notification-pushes",
  parameters: [inPath("id"), ...inQuery(personQuery)],
  responses: {
    200: {
      description:
        "Its pushes, in the order in which the devices had subscribed; none when nothing was to be pushed",
      content: json(z.object({ pushes: z.array(push) }), "output"),
    },
    ...errors({ ...aboutPerson, 404: unknown }),
  },
})

/** The reference's page on having read one. */
export const documentRead = (): DocumentDecoration => ({
  tags,
  summary: "Note that somebody has read a notification",
  operationId: "read-notification",
  parameters: [inPath("id"), ...inQuery(personQuery)],
  responses: {
    200: {
      description: "The notification",
      content: json(read, "output"),
    },
    ...errors({ ...aboutPerson, 404: unknown }),
  },
})
