import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { notification } from "../../lib/jobs/notification.ts"
import { toldNotification, toldPush } from "../notifications.ts"
import { notificationsQuery, personQuery, readRequest } from "../requests/notifications.ts"
import { aboutPerson, errors, inPath, inQuery, json } from "./parts.ts"

const tags = [notification.name]

/** The reference's page on the notifications of somebody. */
export const documentNotifications = (): DocumentDecoration => ({
  tags,
  summary: "The notifications of somebody, the latest first",
  operationId: "list-notifications",
  parameters: inQuery(notificationsQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(
        z.object({ notifications: z.array(toldNotification), next: z.int().nullable() }),
        "output",
      ),
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
    200: { description: "How many", content: json(z.object({ unread: z.int() }), "output") },
    ...errors(aboutPerson),
  },
})

const EVENTS = [
  "`snapshot`: `{unread}`, at the begin, with the id of the latest notification",
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
    200: { description: "The events", content: { "text/event-stream": {} } },
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
      content: json(z.object({ success: z.literal(true), message: z.string(), count: z.int() }), "output"),
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
      content: json(z.object({ pushes: z.array(toldPush) }), "output"),
    },
    ...errors({ ...aboutPerson, 404: "No such notification of theirs, or no such user" }),
  },
})

/** The reference's page on having read one. */
export const documentRead = (): DocumentDecoration => ({
  tags,
  summary: "Note that somebody has read a notification",
  operationId: "read-notification",
  parameters: [inPath("id"), ...inQuery(personQuery)],
  responses: {
    200: { description: "The notification", content: json(toldNotification, "output") },
    ...errors({ ...aboutPerson, 404: "No such notification of theirs, or no such user" }),
  },
})
