import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { notification } from "../../lib/jobs/notification.ts"
import { toldDevice } from "../notifications.ts"
import { deviceGoneRequest, deviceRequest, personQuery } from "../requests/notifications.ts"
import { aboutPerson, errors, inPath, inQuery, json } from "./parts.ts"

const tags = [notification.name]

const done = z.object({ success: z.literal(true), message: z.string() })

/** The reference's page on the key that browsers subscribe with. */
export const documentVapid = (): DocumentDecoration => ({
  tags,
  summary: "The key that browsers subscribe with: their `applicationServerKey`",
  operationId: "vapid-key",
  responses: {
    200: {
      description: "The key; null where there is no web push",
      content: json(z.object({ publicKey: z.string().nullable() }), "output"),
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
      content: json(z.object({ devices: z.array(toldDevice) }), "output"),
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
    201: { description: "The device", content: json(toldDevice, "output") },
    ...errors({
      ...aboutPerson,
      409: "The subscription is another's, and has other keys",
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
    200: { description: "It is forgotten", content: json(done, "output") },
    ...errors({ ...aboutPerson, 404: "No such device of theirs, or no such user" }),
  },
})

/** The reference's page on a device that is to be forgotten. */
export const documentForget = (): DocumentDecoration => ({
  tags,
  summary: "Tell somebody no more on a device, by its id",
  operationId: "forget-device",
  parameters: [inPath("id"), ...inQuery(personQuery)],
  responses: {
    200: { description: "It is forgotten", content: json(done, "output") },
    ...errors({ ...aboutPerson, 404: "No such device of theirs, or no such user" }),
  },
})
