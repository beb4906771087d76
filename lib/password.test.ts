import { expect, test } from "bun:test"
import { argon2Verify } from "hash-wasm"
import { hashPassword } from "./password.ts"

test("hashes a password with argon2id and a salt of its own each time", async () => {
  const [one, other] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")])
  expect(one).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
  expect(other).not.toBe(one)
  expect(await argon2Verify({ password: "correct horse", hash: one })).toBe(true)
  expect(await argon2Verify({ password: "wrong horse", hash: one })).toBe(false)
})
