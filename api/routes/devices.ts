import { Elysia } from "elysia"
import {
  keepLatest,
  listSubscriptions,
  type NewSubscription,
  subscribe,
  unsubscribe,
} from "../../db/push-subscriptions.ts"
import { clip } from "../../lib/clip.ts"
import { needed } from "../../lib/env.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { vapidPublicKey } from "../../lib/push/env.ts"
import { allowPerson } from "../access/allow.ts"
import { personIn } from "../access/person-of.ts"
import { describeChange } from "../access/principal.ts"
import {
  documentDeviceGone,
  documentDevices,
  documentForget,
  documentSubscribe,
  documentVapid,
} from "../documentation/devices.ts"
import { HttpError } from "../errors.ts"
import { isId } from "../ids.ts"
import { tellDevice } from "../notifications.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { deviceGoneRequest, deviceRequest } from "../requests/notifications.ts"

/** Devices that somebody has at most: with one more, that which subscribed longest ago is forgotten. */
const MOST_DEVICES = 20

const AWAY = "PostgreSQL, which keeps the devices, does not answer: try again in a moment"

const queue = notification.name

/** Devices that people are told on: which there are, a new one, and the end of one. */
export const deviceRoutes = new Elysia({ prefix: "/api/notifications" })
  .get("/vapid", () => ({ publicKey: vapidPublicKey() }), allowPerson("read", documentVapid(), { queue }))
  .get(
    "/devices",
    ({ request, query }) => list(request, query),
    allowPerson("read", documentDevices(), { queue }),
  )
  .post(
    "/devices",
    ({ request, query, body, status }) => add(request, query, body).then((device) => status(201, device)),
    allowPerson("operate", documentSubscribe(), { action: "device.subscribe", queue }),
  )
  .delete(
    "/devices",
    ({ request, query, body }) => remove(request, query, parse(deviceGoneRequest, body)),
    allowPerson("operate", documentDeviceGone(), { action: "device.forget", queue }),
  )
  .delete(
    "/devices/:id",
    ({ request, query, params }) => remove(request, query, { id: idOf(params.id) }),
    allowPerson("operate", documentForget(), { action: "device.forget", queue }),
  )

async function list(request: Request, query: unknown) {
  const devices = await fromPostgres(listSubscriptions(await personIn(request, query)), AWAY)
  return { devices: devices.map(tellDevice) }
}

async function add(request: Request, query: unknown, body: unknown) {
  const asked = parse(deviceRequest, body)
  const userId = await personIn(request, query)
  const device = await fromPostgres(subscribe({ userId, ...deviceOf(asked, request) }), AWAY)
  if (!device)
    throw new HttpError(409, "This subscription is another's: end it in the browser, and subscribe anew")
  await fromPostgres(keepLatest(userId, MOST_DEVICES), AWAY)
  const told = tellDevice(device)
  describeChange(request, { target: `device:${device.id}`, after: { userId, ...told } })
  return told
}

function deviceOf(
  asked: ReturnType<typeof deviceRequest.parse>,
  request: Request,
): Omit<NewSubscription, "userId"> {
  const agent = request.headers.get("user-agent")
  const userAgent = agent && clip(agent, 300)
  if ("token" in asked) return { channel: "expo", endpoint: asked.token, p256dh: null, auth: null, userAgent }
  needed("VAPID_PUBLIC_KEY", vapidPublicKey() ?? undefined)
  const { endpoint, keys } = asked.subscription
  return { channel: "webpush", endpoint, ...keys, userAgent }
}

async function remove(request: Request, query: unknown, device: { id: number } | { endpoint: string }) {
  const userId = await personIn(request, query)
  if (!(await fromPostgres(unsubscribe(userId, device), AWAY))) throw new HttpError(404, "No such device")
  describeChange(request, {
    target: "id" in device ? `device:${device.id}` : `user:${userId}`,
  })
  return { success: true, message: "Nothing is pushed to this device any more" }
}

/** An id that nothing has, for what is none. */
const idOf = (id: string) => (isId(id) ? Number(id) : 0)
