import { expect, test } from "bun:test"
import fc from "fast-check"
import { decrypt } from "../../sandbox/push/decrypt.ts"
import { encrypt } from "./encrypt.ts"

/** RFC 8291, appendix A. */
const RFC = {
  text: "When I grow up, I want to be a watermelon",
  salt: "DGv6ra1nlYgDCS1FRnbzlw",
  sender: {
    d: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    public: "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
  },
  device: {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    privateKey: "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  },
  body: "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
}

async function senderKeys(): Promise<CryptoKeyPair> {
  const point = Buffer.from(RFC.sender.public, "base64url")
  const jwk = {
    ...{ kty: "EC", crv: "P-256", d: RFC.sender.d },
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  }
  const curve = { name: "ECDH", namedCurve: "P-256" }
  const { d: _, ...publicJwk } = jwk
  return {
    privateKey: await crypto.subtle.importKey("jwk", jwk, curve, false, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("jwk", publicJwk, curve, true, []),
  }
}

test("the message of the standard's example is encrypted as it has it", async () => {
  const salt = new Uint8Array(Buffer.from(RFC.salt, "base64url"))
  const sealed = await encrypt(Buffer.from(RFC.text), RFC.device, { salt, keys: await senderKeys() })
  expect(Buffer.from(sealed).toString("base64url")).toBe(RFC.body)
  expect(decrypt(Buffer.from(RFC.body, "base64url"), RFC.device).toString()).toBe(RFC.text)
})

test("whatever is sent is read by its device alone, and is never encrypted alike", async () => {
  const stranger = { ...RFC.device, auth: Buffer.alloc(16).toString("base64url") }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), async (content) => {
      const sealed = Buffer.from(await encrypt(content, RFC.device))
      expect(sealed.length).toBeLessThanOrEqual(4_096)
      expect(new Uint8Array(decrypt(sealed, RFC.device))).toEqual(content)
      expect(() => decrypt(sealed, stranger)).toThrow()
      expect(Buffer.from(await encrypt(content, RFC.device)).equals(sealed)).toBe(false)
    }),
    { numRuns: 50 },
  )
})
