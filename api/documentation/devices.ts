import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { notification } from "../../lib/jobs/notification.ts"
import { like } from "../../lib/like.ts"
import { toldDevice } from "../notifications.ts"
import { deviceGoneRequest, deviceRequest, personQuery } from "../requests/notifications.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"
import { aboutPerson, done, inPath, inQuery } from "./parts.ts"

const tags = [notification.name]

/** A point of P-256. */
const PUBLIC_KEY = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"

const device = like(toldDevice, {
  ...{ id: 12, channel: "webpush", service: "https://fcm.googleapis.com" },
  userAgent:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36",
  ...{ createdAt: "2026-01-12T18:04:11.000Z", seenAt: "2026-02-10T12:00:00.000Z" },
  ...{ lastOkAt: "2026-02-09T21:30:02.000Z", disabledAt: null },
})

const forgotten = done("Nothing is pushed to this device any more")
const unknown = ["No such device of theirs, or no such user", "No such device"] as const

/** The reference's page on the key that browsers subscribe with. */
export const documentVapid = (): DocumentDecoration => ({
  tags,
  summary: "The key that browsers subscribe with: their `applicationServerKey`",
  operationId: "vapid-key",
  responses: {
    200: {
      description: "The key; null where there is no web push",
      content: json(z.object({ publicKey: like(z.string().nullable(), PUBLIC_KEY) }), "output"),
    },
  },
})

/** The reference's page on the devices of somebody. */
export const documentDevices = (): DocumentDecoration => ({
  tags,
  summary: "The devices that somebody is told on",
  operationId: "list-devices",
  parameters: inQuery(personQuery),
  responses: {
    200: {
      description: "That which subscribed last first",
      content: json(z.object({ devices: z.array(device) }), "output"),
    },
    ...errors(aboutPerson),
  },
})

const EXAMPLE = {
  subscription: {
    endpoint: "https://push.example/send/dGhlIHNlY3JldCBvZiBhIGRldmljZQ",
    expirationTime: null,
    keys: {
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    },
  },
}

/** The reference's page on a device that wants to be told. */
export const documentSubscribe = (): DocumentDecoration => ({
  tags,
  summary: "Have somebody told on a device from now on",
  operationId: "subscribe-device",
  parameters: inQuery(personQuery),
  requestBody: { required: true, content: json(deviceRequest, "input", EXAMPLE) },
  responses: {
    201: { description: "The device", content: json(device, "output") },
    ...errors({
      ...aboutPerson,
      409: [
        "The subscription is another's, and has other keys",
        "This subscription is another's: end it in the browser, and subscribe anew",
      ],
      503: "PostgreSQL does not answer, or there is no web push since VAPID_PUBLIC_KEY is not set",
    }),
  },
})

/** The reference's page on a device that wants no more, by what reaches it. */
export const documentDeviceGone = (): DocumentDecoration => ({
  tags,
  summary: "Tell somebody no more on a device, by its endpoint or token",
  operationId: "unsubscribe-device",
  parameters: inQuery(personQuery),
  requestBody: {
    required: true,
    content: json(deviceGoneRequest, "input", { endpoint: EXAMPLE.subscription.endpoint }),
  },
  responses: {
    200: { description: "It is forgotten", content: json(forgotten, "output") },
    ...errors({ ...aboutPerson, 404: unknown }),
  },
})

/** The reference's page on a device that is to be forgotten. */
export const documentForget = (): DocumentDecoration => ({
  tags,
  summary: "Tell somebody no more on a device, by its id",
  operationId: "forget-device",
  parameters: [inPath("id"), ...inQuery(personQuery)],
  responses: {
    200: { description: "It is forgotten", content: json(forgotten, "output") },
    ...errors({ ...aboutPerson, 404: unknown }),
  },
})
