/** How a message was signed. */
export interface Signing {
  /** What the names of its headers begin with: `webhook`, or another that senders have given the same headers. */
  prefix?: string
  /** Seconds that the sender's clock, or the way, may differ by. */
  tolerance?: number
}

/** A message that has come from whom it says, and its bytes; or why it is none. */
export type Signed = { id: string; body: Uint8Array<ArrayBuffer> } | { why: string }

/**
 * What was signed with this secret, `whsec_…`, as Standard Webhooks has it (v1). Reads the request, unless its headers tell that
 * it is none. Throws when the secret is none.
 */
export async function readSigned(
  request: Pick<Request, "headers" | "arrayBuffer">,
  secret: string,
  { prefix = "webhook", tolerance = 300 }: Signing = {},
): Promise<Signed> {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map(
    (name) => request.headers.get(`${prefix}-${name}`) ?? "",
  ) as [string, string, string]
  if (!id || !/^\d+$/.test(timestamp)) return { why: `it has no ${prefix}-id or ${prefix}-timestamp` }
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > tolerance)
    return { why: `its ${prefix}-timestamp is more than ${tolerance} s from now` }

  const body = new Uint8Array(await request.arrayBuffer())
  const head = new TextEncoder().encode(`${id}.${timestamp}.`)
  const signed = new Uint8Array(head.length + body.length)
  signed.set(head)
  signed.set(body, head.length)
  const key = await keyOf(secret)
  for (const signature of signatures.split(" ")) {
    const [, given] = /^v1,([A-Za-z\d+/]{43}=)$/.exec(signature) ?? []
    if (given && (await crypto.subtle.verify("HMAC", key, bytesOf(given), signed))) return { id, body }
  }
  return { why: "none of its signatures is of this secret" }
}

function keyOf(secret: string) {
  const [, base64] = /^whsec_((?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2,3}={0,2})?)$/.exec(secret.trim()) ?? []
  if (!base64) throw new Error("The secret of callbacks is whsec_ and base64: this one is not")
  return crypto.subtle.importKey("raw", bytesOf(base64), { name: "HMAC", hash: "SHA-256" }, false, ["verify"])
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
