import { expect, test } from "bun:test"
import { createECDH } from "node:crypto"
import { isPublicKey } from "./keys.ts"

const key = () => createECDH("prime256v1").generateKeys()

test("a point of the curve is a public key, and with any bit of it turned none", () => {
  for (let count = 0; count < 20; count++) {
    const point = key()
    expect(isPublicKey(point.toString("base64url"))).toBe(true)
    for (const at of [0, 1, 32, 33, 64]) {
      const wrong = Buffer.from(point)
      wrong[at]! ^= 1 << (count % 8)
      expect([at, isPublicKey(wrong.toString("base64url"))]).toEqual([at, false])
    }
  }
})

test("beside the curve, of another form or another length it is none", () => {
  const compressed = createECDH("prime256v1").generateKeys("base64url", "compressed")
  const elsewhere = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString("base64url")
  const beyond = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 0xff)]).toString("base64url")
  for (const wrong of [
    compressed,
    elsewhere,
    beyond,
    "",
    "B".repeat(87),
    key().subarray(0, 64).toString("base64url"),
  ])
    expect(isPublicKey(wrong)).toBe(false)
})
