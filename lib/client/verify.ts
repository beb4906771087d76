import type { QueueAlias } from "../jobs/index.ts"
import { type Answer, failed } from "./answer.ts"
import type { Ended } from "./run.ts"

interface Options {
  /** Seconds that the sender's clock, or the way, may differ by. */
  tolerance?: number
}

/** A callback that has come from whom it says. */
export interface Callback<Queue extends QueueAlias> {
  /** The same when it is sent again: what has been dealt with is not to be again. */
  id: string
  body: Ended<Queue>
}

/**
 * What Esteira has signed with this secret, `whsec_…` (Standard Webhooks, v1), or a failure of kind `unauthorized`. Reads the
 * request. Throws when the secret is none.
 */
export async function verifyCallback<Queue extends QueueAlias>(
  request: Pick<Request, "headers" | "arrayBuffer">,
  secret: string,
  { tolerance = 300 }: Options = {},
): Promise<Answer<Callback<Queue>>> {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map(
    (name) => request.headers.get(`webhook-${name}`) ?? "",
  ) as [string, string, string]
  if (!id || !/^\d+$/.test(timestamp)) return refused("it has no webhook-id or webhook-timestamp")
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > tolerance)
    return refused(`its webhook-timestamp is more than ${tolerance} s from now`)

  const body = new Uint8Array(await request.arrayBuffer())
  const head = new TextEncoder().encode(`${id}.${timestamp}.`)
  const signed = new Uint8Array(head.length + body.length)
  signed.set(head)
  signed.set(body, head.length)
  const key = await keyOf(secret)
  for (const signature of signatures.split(" ")) {
    const [, given] = /^v1,([A-Za-z\d+/]{43}=)$/.exec(signature) ?? []
    if (given && (await crypto.subtle.verify("HMAC", key, bytesOf(given), signed)))
      return { ok: true, value: { id, body: JSON.parse(new TextDecoder().decode(body)) } }
  }
  return refused("none of its signatures is of this secret")
}

const refused = (why: string) =>
  failed({ kind: "unauthorized", message: `The callback is not one of Esteira's: ${why}` })

function keyOf(secret: string) {
  const [, base64] = /^whsec_((?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2,3}={0,2})?)$/.exec(secret.trim()) ?? []
  if (!base64) throw new Error("The secret of callbacks is whsec_ and base64: this one is not")
  return crypto.subtle.importKey("raw", bytesOf(base64), { name: "HMAC", hash: "SHA-256" }, false, ["verify"])
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
