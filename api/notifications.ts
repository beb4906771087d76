import { z } from "zod"
import type { Subscription } from "../db/push-subscriptions.ts"
import { notificationType } from "../lib/notifications/type.ts"

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
