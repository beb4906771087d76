import type { Vapid } from "../../lib/push/env.ts"

/** Seconds for which a push service takes a token: at most a day, less an allowance for its clock. */
const VALID_FOR = 12 * 3_600

/** Milliseconds for which a token is used again. */
const USED_FOR = 3_600_000

/** Push services whose tokens are remembered. */
const MOST = 1_000

const tokens = new Map<string, { header: Promise<string>; until: number }>()

/** The header by which a push service knows who sends: RFC 8292. */
export function authorization(endpoint: string, vapid: Vapid): Promise<string> {
  const { origin } = new URL(endpoint)
  const of = `${vapid.privateKey} ${vapid.subject} ${origin}`
  const known = tokens.get(of)
  if (known && known.until > Date.now()) return known.header
  if (tokens.size >= MOST) tokens.clear()
  const header = sign(origin, vapid)
  tokens.set(of, { header, until: Date.now() + USED_FOR })
  return header
}

async function sign(audience: string, { publicKey, privateKey, subject }: Vapid): Promise<string> {
  const claims = { aud: audience, exp: Math.floor(Date.now() / 1_000) + VALID_FOR, sub: subject }
  const unsigned = [{ typ: "JWT", alg: "ES256" }, claims].map(encode).join(".")
  const key = await crypto.subtle.importKey(
    "jwk",
    { kty: "EC", crv: "P-256", d: privateKey, ...pointOf(publicKey) },
    { name: "ECDSA", namedCurve: "P-256" },
    false,
    ["sign"],
  )
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(unsigned))
  return `vapid t=${unsigned}.${Buffer.from(signature).toString("base64url")}, k=${publicKey}`
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url")

function pointOf(publicKey: string) {
  const point = Buffer.from(publicKey, "base64url")
  return { x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") }
}
