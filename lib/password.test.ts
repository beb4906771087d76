import { expect, test } from "bun:test"
import { argon2Verify } from "hash-wasm"
import { hashPassword, verifyPassword } from "./password.ts"

test("hashes a password with argon2id and a salt of its own each time", async () => {
  const [one, other] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")])
  expect(one).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
  expect(other).not.toBe(one)
  expect(await argon2Verify({ password: "correct horse", hash: one })).toBe(true)
  expect(await argon2Verify({ password: "wrong horse", hash: one })).toBe(false)
})

test("finds out as much about somebody who is not there as about somebody who is", async () => {
  const hash = await hashPassword("correct horse")
  const checked: string[] = []
  const verify = async ({ hash }: { hash: string }) => {
    checked.push(hash)
    return true
  }
  const bcrypt = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
  expect(await verifyPassword("x", hash, verify)).toBe(true)
  expect(await verifyPassword("x", undefined, verify)).toBe(false)
  expect(await verifyPassword("x", bcrypt, verify)).toBe(false)
  // The same algorithm at the same cost, over as much, once each.
  const work = checked.map((text) => text.split("$").map((part, place) => (place < 4 ? part : part.length)))
  expect(work).toEqual([work[0]!, work[0]!, work[0]!])
  expect(checked[0]).toBe(hash)

  expect(await verifyPassword("correct horse", hash)).toBe(true)
  expect(await verifyPassword("wrong horse", hash)).toBe(false)
  expect(await verifyPassword("correct horse", undefined)).toBe(false)
})
