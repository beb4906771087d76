import { createPublicKey, verify } from "node:crypto"
import { z } from "zod"

const claims = z.object({
  aud: z.string(),
  exp: z.number(),
  sub: z.string().regex(/^(?:mailto:\S+@\S+|https:\/\/\S+)$/),
})

const DAY = 86_400

/** What is wrong with who says to have sent a push: RFC 8292; undefined when nothing is. `key` is what the browser subscribed with. */
export function faultOfSender(header: string | null, origin: string, key: string | null): string | undefined {
  const [, token, named] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(header ?? "") ?? []
  if (!token || !named) return "no VAPID authorization"
  if (key !== null && named !== key) return "VAPID credentials of another key than the subscription's"
  const [head = "", body = "", signature = ""] = token.split(".")
  const point = Buffer.from(named, "base64url")
  if (point.length !== 65) return "a VAPID key that is none"
  const coordinate = (from: number) => point.subarray(from, from + 32).toString("base64url")
  const jwk = { kty: "EC", crv: "P-256", x: coordinate(1), y: coordinate(33) }
  const isSigned = verify(
    "sha256",
    Buffer.from(`${head}.${body}`),
    { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  )
  if (!isSigned || read(head)?.alg !== "ES256") return "a VAPID token that is not signed by its key"
  const said = claims.safeParse(read(body)).data
  if (!said) return "a VAPID token without aud, exp and sub"
  if (said.aud !== origin) return `a VAPID token for ${said.aud}`
  const left = said.exp - Date.now() / 1_000
  if (left <= 0 || left > DAY) return "a VAPID token that has expired, or is valid for more than a day"
  return undefined
}

function read(part: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString())
  } catch {
    return undefined
  }
}
