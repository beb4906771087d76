import { afterEach, beforeEach, expect, mock, spyOn, test } from "bun:test"
import { insertApiKey } from "../../db/api-keys.ts"
import { closePool, pool } from "../../db/pool.ts"
import { digestOf } from "../../lib/digest.ts"
import { forgetKeys, keyHolder, rereadKeys, writeUses } from "./key-ring.ts"

const url = process.env.DATABASE_URL
const MINUTE = 60_000

beforeEach(async () => {
  await pool()`truncate api_keys restart identity`
  forgetKeys()
})
afterEach(async () => {
  mock.restore()
  await bringBack()
})

/** Have as much time gone by. */
function later(milliseconds: number) {
  const at = performance.now() + milliseconds
  spyOn(performance, "now").mockImplementation(() => at)
}

async function takeAway() {
  await closePool(0)
  process.env.DATABASE_URL = "postgres://nobody@127.0.0.1:1/none"
}

async function bringBack() {
  await closePool(0)
  process.env.DATABASE_URL = url
}

const add = (name: string, expiresAt: Date | null = null) =>
  insertApiKey({
    name,
    digest: digestOf(name),
    scopes: ["read"],
    queues: null,
    createdBy: "admin",
    expiresAt,
  })

test("asks PostgreSQL for a key once, and answers at once from then on", async () => {
  await add("shop")
  const asked = keyHolder(digestOf("shop"))
  expect(asked).toBeInstanceOf(Promise)
  expect(await asked).toMatchObject({ actor: "key:1 (shop)", keyId: 1 })
  expect(keyHolder(digestOf("shop"))).toBe((await asked)!)
})

test("asks once for all that come at the same time", async () => {
  await add("shop")
  const asked = await Promise.all(
    Array.from({ length: 50 }, (_, i) => keyHolder(digestOf(i ? "shop" : "no"))),
  )
  expect(asked[0]).toBeUndefined()
  expect(new Set(asked.slice(1)).size).toBe(1)
})

test("knows a key that has just been made elsewhere, though the keys were read a moment ago", async () => {
  await rereadKeys()
  await add("new")
  expect(await keyHolder(digestOf("new"))).toMatchObject({ actor: "key:1 (new)" })
})

test("knows a key for five minutes while PostgreSQL is away, and then says that it is away", async () => {
  await add("shop")
  await rereadKeys()
  await takeAway()
  later(4 * MINUTE)
  expect(await keyHolder(digestOf("shop"))).toMatchObject({ keyId: 1 })
  await expect(keyHolder(digestOf("other"))).rejects.toMatchObject({ status: 503 })
  later(2 * MINUTE)
  await expect(keyHolder(digestOf("shop"))).rejects.toMatchObject({ status: 503 })
  await bringBack()
  later(2_000)
  expect(await keyHolder(digestOf("shop"))).toMatchObject({ keyId: 1 })
})

test("ends a key at its time, also while PostgreSQL is away", async () => {
  const expiresAt = new Date(Date.now() + 60 * MINUTE)
  await add("short", expiresAt)
  await rereadKeys()
  const earlier = expiresAt.getTime() - 1
  spyOn(Date, "now").mockImplementation(() => earlier)
  expect(await keyHolder(digestOf("short"))).toMatchObject({ keyId: 1 })
  await takeAway()
  spyOn(Date, "now").mockImplementation(() => expiresAt.getTime())
  expect(await keyHolder(digestOf("short"))).toBeUndefined()
})

test("writes when keys were used, and tries again after an outage", async () => {
  await add("shop")
  await keyHolder(digestOf("shop"))
  await takeAway()
  await writeUses()
  await bringBack()
  await writeUses()
  const [key] = await pool()<{ lastUsedAt: Date }[]>`select last_used_at from api_keys`
  expect(key!.lastUsedAt.getTime()).toBeWithin(Date.now() - 10_000, Date.now() + 1)
})
