import { afterAll, beforeEach, expect, test } from "bun:test"
import { markSwept } from "../../db/ledger-watermarks.ts"
import { pool } from "../../db/pool.ts"
import { queueKey } from "../../lib/queues.ts"
import { connectRedis } from "../../lib/redis/connect.ts"
import { perform } from "../testing.ts"

const DAY = 86_400_000
const redis = connectRedis("worker")
const clean = (olderThan: number, dryRun = false) =>
  perform("cleanup", { target: "cache", olderThan, dryRun, orphans: "report" })

afterAll(() => redis.disconnect())

beforeEach(async () => {
  await redis.flushdb()
  await pool()`truncate ledger_watermarks`
})

async function hasEnded(id: string, state: "completed" | "failed", daysAgo: number) {
  const at = Date.now() - daysAgo * DAY
  await redis.hset(queueKey("email", id), {
    name: "email",
    data: "{}",
    finishedOn: String(at),
    timestamp: String(at),
  })
  await redis.zadd(queueKey("email", state), String(at), id)
}

const left = (state: string) => redis.zrange(queueKey("email", state), "0", "-1")

async function plant() {
  await hasEnded("long-ago", "failed", 9)
  await hasEnded("this-week", "failed", 6)
  await hasEnded("done", "completed", 2)
  await hasEnded("just-done", "completed", 0.5)
}

test("has Redis forget runs that ended long ago, but none that may still be asked for or retried", async () => {
  await plant()
  for (const state of ["completed", "failed"] as const) await markSwept("email", state, Date.now(), pool())
  const told = await clean(1, true)
  expect(await left("failed")).toHaveLength(2)
  expect(await clean(1)).toMatchObject({
    deleted: told.deleted,
    items: [
      { what: "runs of email that have completed, in Redis", deleted: 1, kept: [] },
      { deleted: 1, kept: [{ count: 1, why: "what has failed is kept for a week, to be retried" }] },
    ],
  })
  expect([await left("failed"), await left("completed")]).toEqual([["this-week"], ["just-done"]])
  expect(await redis.exists(queueKey("email", "long-ago"))).toBe(0)
  expect(await redis.exists(queueKey("email", "this-week"))).toBe(1)
})

test("leaves what the ledger does not have yet", async () => {
  await plant()
  const { deleted, items } = await clean(1)
  expect(deleted).toBe(0)
  expect(items).toMatchObject([
    { kept: [{ count: 1, why: "it may not be in the ledger yet" }] },
    { kept: [{ count: 2, why: "it may not be in the ledger yet" }] },
  ])
  expect(await left("failed")).toHaveLength(2)
})
