import { signMessage } from "../../lib/callbacks/sign.ts"
import { type Answer, post, type Surroundings } from "../../lib/outward/post.ts"

export interface Message {
  /** The same at every try, by which a receiver knows it again. */
  id: string
  url: string
  body: string
}

/** Send a signed message once. */
export function send(
  { id, url, body }: Message,
  { secret, ...surroundings }: Surroundings & { secret: string },
): Promise<Answer> {
  const at = Math.floor(Date.now() / 1_000)
  const headers = {
    "content-type": "application/json",
    "user-agent": "Esteira",
    "webhook-id": id,
    "webhook-timestamp": String(at),
    "webhook-signature": signMessage(secret, { id, at, body }),
  }
  return post({ url, headers, body }, surroundings)
}
