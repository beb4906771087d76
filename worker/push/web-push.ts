import type { DueDelivery } from "../../db/push-deliveries.ts"
import type { Outcome } from "../../db/push-outcomes.ts"
import { type Answer, post, type Surroundings } from "../../lib/outward/post.ts"
import type { Vapid } from "../../lib/push/env.ts"
import { alarm } from "./alarm.ts"
import { waitAfter } from "./backoff.ts"
import { contentOf, tagOf } from "./content.ts"
import { encrypt } from "./encrypt.ts"
import { authorization } from "./vapid.ts"

/** Milliseconds until a push is tried again that was refused for what is wrong with our keys. */
const KEYS_WAIT = 600_000

/**
 * Ask a browser's push service to take a push: RFC 8030. One that is sent again, since nobody knows whether it was taken, takes
 * its own place by its topic.
 */
export async function sendWebPush(
  delivery: DueDelivery,
  vapid: Vapid,
  surroundings: Surroundings = {},
): Promise<Outcome> {
  const { endpoint, urgency, ttl, notificationId } = delivery
  const content = new TextEncoder().encode(JSON.stringify(contentOf(delivery)))
  const body = await encrypt(content, { p256dh: delivery.p256dh!, auth: delivery.auth! })
  const headers = {
    authorization: await authorization(endpoint, vapid),
    "content-type": "application/octet-stream",
    "content-encoding": "aes128gcm",
    ttl: String(ttl),
    urgency,
    topic: tagOf(notificationId),
  }
  const answer = await post({ url: endpoint, headers, body, isRead: true }, surroundings)
  const { retryAfter: rest } = answer
  return { delivery, ...(rest && { rest }), ...outcomeOf(delivery, answer) }
}

/** What becomes of a push. */
type Became = Outcome extends infer One
  ? One extends Outcome
    ? Omit<One, "delivery" | "rest">
    : never
  : never

/** What an answer means for a push: https://www.rfc-editor.org/rfc/rfc8030#section-8.4, and what push services make of it. */
function outcomeOf(
  { attempt, endpoint }: DueDelivery,
  { status, text = "", error, retryAfter }: Answer,
): Became {
  const reason = error ?? `${status} ${text}`.trim().slice(0, 300)
  if (status === undefined) return later(attempt, reason, 0, true)
  if (status >= 200 && status < 300) return { status: "sent" }
  if (status === 404 || status === 410) return { status: "gone", error: reason }
  if (status === 401 || status === 403) {
    alarm(new URL(endpoint).origin, `${reason} (VAPID_PUBLIC_KEY and VAPID_SUBJECT)`)
    return { status: "pending", error: reason, retryIn: KEYS_WAIT, mayBeSent: false }
  }
  // Microsoft's says 406 when it is asked too often.
  if (status === 406 || status === 408 || status === 429 || status >= 500)
    return later(attempt, reason, retryAfter, status >= 500)
  return { status: "refused", error: reason }
}

function later(attempt: number, error: string, asked: number | undefined, mayBeSent: boolean): Became {
  const retryIn = waitAfter(attempt, asked)
  return retryIn === undefined
    ? { status: "failed", error }
    : { status: "pending", error, retryIn, mayBeSent }
}
