import { afterAll, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import fc from "fast-check"
import { isSealedAnew, SealBroken, seal, unseal } from "./sealed.ts"

const before = process.env.SECRETS_KEY
afterAll(() => {
  process.env.SECRETS_KEY = before
})

const key = (version: string) => `${version}:${randomBytes(32).toString("base64")}`
const use = (...keys: string[]) => {
  process.env.SECRETS_KEY = keys.join(",")
}

test("what is sealed can be opened again, in its place alone, and says nothing of what it is", () => {
  use(key("v1"))
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), fc.string(), (text, place, other) => {
      const sealed = seal(text.toWellFormed(), place)
      expect(unseal(sealed, place)).toBe(text.toWellFormed())
      expect(seal(text.toWellFormed(), place)).not.toBe(sealed)
      if (place !== other) expect(() => unseal(sealed, other)).toThrow(SealBroken)
    }),
  )
})

test("whatever is changed of it, it is broken, and no other error", () => {
  use(key("v1"))
  const sealed = seal("the secret", "here")
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.constantFrom(..."Aa0-_."), (at, sign) => {
      if (sealed[at] === sign) return
      const changed = sealed.slice(0, at) + sign + sealed.slice(at + 1)
      // The last signs of base64 can be written in more than one way.
      if (
        Buffer.from(changed.split(".")[1] ?? "", "base64url").equals(
          Buffer.from(sealed.split(".")[1]!, "base64url"),
        ) &&
        changed.startsWith("v1.")
      )
        return
      expect(() => unseal(changed, "here")).toThrow(SealBroken)
    }),
  )
  fc.assert(
    fc.property(fc.string(), (text) => void expect(() => unseal(`v1.${text}`, "here")).toThrow(SealBroken)),
  )
})

test("the first key seals, all open, and one that is taken away is named", () => {
  const [v1, v2] = [key("v1"), key("v2")]
  use(v1)
  const old = seal("the secret", "here")
  use(v2, v1)
  const anew = seal("the secret", "here")
  expect([isSealedAnew(old), isSealedAnew(anew)]).toEqual([false, true])
  expect([unseal(old, "here"), unseal(anew, "here")]).toEqual(["the secret", "the secret"])
  use(v2)
  expect(() => unseal(old, "here")).toThrow("SECRETS_KEY has no key v1")
  // The same version, another key.
  use(key("v2"))
  expect(() => unseal(anew, "here")).toThrow("not encrypted with key v2")
})

test.each(["v1", "v1:", "x1:AAAA", `${key("v1")},${key("v1")}`, key("v1").slice(0, -4), ""])(
  "%p is no key",
  (text) => {
    process.env.SECRETS_KEY = text
    expect(() => seal("x", "y")).toThrow("SECRETS_KEY")
  },
)
