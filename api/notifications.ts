import { z } from "zod"
import { type Push, pushStatuses } from "../db/push-outcomes.ts"
import type { Subscription } from "../db/push-subscriptions.ts"
import { notificationType } from "../lib/notifications/type.ts"
import { redactText } from "../lib/redact.ts"

const time = z.iso.datetime()

/** A notification as its routes and its stream tell it. */
export const toldNotification = z.object({
  id: z.int(),
  title: z.string(),
  message: z.string(),
  type: notificationType,
  category: z.string(),
  actionUrl: z.string().nullable(),
  data: z.record(z.string(), z.unknown()).nullable(),
  readAt: time.nullable(),
  createdAt: time,
})

/** What became of a notification at a device, as it is told. */
export const toldPush = z.object({
  id: z.int(),
  deviceId: z.int().nullable().describe("null when the device is forgotten"),
  channel: z.enum(["webpush", "expo"]),
  service: z.string().describe("who brings it there"),
  status: z
    .enum(pushStatuses)
    .describe(
      "sent: its service has it; delivered: and Expo says that Apple or Google has; unknown: Expo may have sent it",
    ),
  attempts: z.int(),
  error: z.string().nullable().describe("what was said last, or why it is not tried"),
  dueAt: time.nullable().describe("when it is tried next; null when it is not"),
  sentAt: time.nullable(),
  createdAt: time,
})

export const tellPush = ({ error, dueAt, sentAt, createdAt, ...push }: Push): z.output<typeof toldPush> => ({
  ...push,
  error: error && redactText(error),
  dueAt: dueAt?.toISOString() ?? null,
  sentAt: sentAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
})

/** A device as its routes tell it: without what reaches it. */
export const toldDevice = z.object({
  id: z.int(),
  channel: z.enum(["webpush", "expo"]),
  service: z.string().describe("who brings pushes to it"),
  userAgent: z.string().nullable(),
  createdAt: time,
  seenAt: time.describe("when it last subscribed"),
  lastOkAt: time.nullable().describe("when its push service last took a push"),
  disabledAt: time.nullable().describe("since when it is left alone, as it has taken nothing for long"),
})

export const tellDevice = ({
  createdAt,
  seenAt,
  lastOkAt,
  disabledAt,
  ...device
}: Subscription): z.output<typeof toldDevice> => ({
  ...device,
  createdAt: createdAt.toISOString(),
  seenAt: seenAt.toISOString(),
  lastOkAt: lastOkAt?.toISOString() ?? null,
  disabledAt: disabledAt?.toISOString() ?? null,
})
