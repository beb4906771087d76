import { afterAll, beforeEach, expect, test } from "bun:test"
import { join } from "node:path"
import { RedisUnavailable } from "../../../lib/errors.ts"
import { queueClient } from "../../../lib/queues.ts"
import { connectRedis } from "../../../lib/redis/connect.ts"
import { redisEnv, redisTarget } from "../../../lib/redis/target.ts"
import { freePort } from "../../../sandbox/ports.ts"
import { BudgetSpent } from "../nota-parana/errors.ts"
import { createBudget } from "./budget.ts"
import { createClock, forgetGuest } from "./testing.ts"

const others = [connectRedis("worker"), connectRedis("producer")]

beforeEach(forgetGuest)
afterAll(() => {
  for (const other of others) other.disconnect()
})

const spend = (budget: ReturnType<typeof createBudget>, times: number) =>
  Promise.allSettled(Array.from({ length: times }, () => budget.claim()))

const granted = (claims: PromiseSettledResult<void>[]) =>
  claims.filter(({ status }) => status === "fulfilled").length

test("is spent after so many requests, and says until when", async () => {
  const budget = createBudget({ redis: queueClient(), limit: 2, now: createClock().now })
  expect(await budget.look()).toEqual({ limit: 2, used: 0 })
  await budget.claim()
  await budget.claim()
  const error = await budget.claim().catch((error) => error)
  expect(error).toBeInstanceOf(BudgetSpent)
  expect(error.until).toEqual(new Date("2026-09-13T00:00:00Z"))
  expect(error.message).toBe(
    "Nota Paraná is not asked until 2026-09-13T00:00:00.000Z: the 2 requests of the day are used up (NOTA_PARANA_DAILY_BUDGET)",
  )
  expect(await budget.look()).toEqual({ limit: 2, used: 2 })
})

test("is one for all connections, however many ask at once", async () => {
  const { now } = createClock()
  const claims = await Promise.all(
    [queueClient(), ...others].map((redis) => spend(createBudget({ redis, limit: 40, now }), 30)),
  )
  expect(granted(claims.flat())).toBe(40)
})

test("is one for all processes, and outlives them", async () => {
  const module = (path: string) => JSON.stringify(join(import.meta.dir, path))
  const script = `
    import { connectRedis } from ${module("../../../lib/redis/connect.ts")}
    import { createBudget } from ${module("./budget.ts")}
    const redis = connectRedis("worker")
    const budget = createBudget({ redis, limit: 25 })
    const claims = await Promise.allSettled(Array.from({ length: 10 }, () => budget.claim()))
    console.log(claims.filter(({ status }) => status === "fulfilled").length)
    redis.disconnect()`
  const spends = Array.from({ length: 3 }, async () => {
    const child = Bun.spawn([process.execPath, "-e", script], { env: process.env, stdout: "pipe" })
    return Number(await new Response(child.stdout).text())
  })
  const sums = await Promise.all(spends)
  expect(sums.reduce((sum, spent) => sum + spent)).toBe(25)
  expect(await createBudget({ redis: queueClient(), limit: 25 }).look()).toEqual({ limit: 25, used: 25 })
})

test("is whole again on the next day of UTC, and not before", async () => {
  const clock = createClock("2026-09-12T23:59:59.998Z")
  const budget = createBudget({ redis: queueClient(), limit: 1, now: clock.now })
  await budget.claim()
  clock.pass(1)
  await expect(budget.claim()).rejects.toBeInstanceOf(BudgetSpent)
  clock.pass(1)
  expect(await budget.look()).toEqual({ limit: 1, used: 0 })
  await budget.claim()
  await expect(budget.claim()).rejects.toThrow("until 2026-09-14T00:00:00.000Z")
})

test("is not given anew to one whose clock is behind", async () => {
  const clock = createClock("2026-09-13T00:00:01Z")
  const behind = createClock("2026-09-12T23:59:59Z")
  const limit = 2
  const budget = createBudget({ redis: queueClient(), limit, now: clock.now })
  const late = createBudget({ redis: others[0]!, limit, now: behind.now })
  await budget.claim()
  await late.claim()
  await expect(late.claim()).rejects.toThrow("until 2026-09-14T00:00:00.000Z")
  await expect(budget.claim()).rejects.toBeInstanceOf(BudgetSpent)
})

test("may be changed in the middle of the day", async () => {
  const { now } = createClock()
  const budget = (limit: number) => createBudget({ redis: queueClient(), limit, now })
  expect(granted(await spend(budget(3), 5))).toBe(3)
  expect(granted(await spend(budget(5), 5))).toBe(2)
  expect(granted(await spend(budget(1), 5))).toBe(0)
})

test("is not spent without Redis", async () => {
  const target = redisTarget(redisEnv({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }))
  const redis = connectRedis("worker", target)
  await expect(createBudget({ redis, limit: 1 }).claim()).rejects.toBeInstanceOf(RedisUnavailable)
  redis.disconnect()
})
