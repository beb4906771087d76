import { afterEach, beforeEach, expect, setSystemTime, test } from "bun:test"
import { join } from "node:path"
import { RetryLater } from "../../lib/errors.ts"
import { onRedis } from "../../lib/queues.ts"
import { freePort } from "../../sandbox/ports.ts"
import { withRedisAt } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { pace } from "./pace.ts"

const { signal } = new AbortController()
const one = { toMany: false }
const many = { toMany: true }
const before = process.env.RESEND_REQUESTS_PER_SECOND

const forget = () => onRedis((client) => client.del("esteira:{resend}:pace"))

/** When the next request may be made, in milliseconds since 1970. */
const next = () => onRedis(async (client) => Number(await client.get("esteira:{resend}:pace")))

beforeEach(forget)
afterEach(async () => {
  setSystemTime()
  process.env.RESEND_REQUESTS_PER_SECOND = before
  await forget()
})

/** The turns of so many, in milliseconds since the first. */
async function turns(count: number, how = one) {
  const times = await Promise.all(
    Array.from({ length: count }, () => pace(signal, how).then(() => performance.now())),
  )
  const sorted = times.toSorted((one, other) => one - other)
  return sorted.map((time) => time - sorted[0]!)
}

test("lets a request come at once, and others not sooner than they may", async () => {
  process.env.RESEND_REQUESTS_PER_SECOND = "20"
  const came = await turns(5)
  for (const [index, time] of came.entries()) expect(time).toBeGreaterThan(index * 50 - 15)
})

test("counts mail to many like any other", async () => {
  process.env.RESEND_REQUESTS_PER_SECOND = "20"
  const came = await turns(4, many)
  expect(came.at(-1)!).toBeGreaterThan(3 * 50 - 15)
})

test("is one for all processes", async () => {
  const module = JSON.stringify(join(import.meta.dir, "pace.ts"))
  const script = `
    import { pace } from ${module}
    const { signal } = new AbortController()
    for (let i = 0; i < 5; i++) {
      await pace(signal, { toMany: i % 2 === 1 })
      console.log(Date.now())
    }
    process.exit()`
  const env = { ...process.env, RESEND_REQUESTS_PER_SECOND: "10" }
  const texts = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const child = Bun.spawn([process.execPath, "-e", script], { env, stdout: "pipe" })
      return await new Response(child.stdout).text()
    }),
  )
  const times = texts.flatMap((text) => text.trim().split("\n").map(Number)).toSorted()
  expect(times).toHaveLength(15)
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(14 * 100 - 50)
})

test("takes a single mail before those to many, however long they have waited", async () => {
  process.env.RESEND_REQUESTS_PER_SECOND = "4"
  await pace(signal, one)
  const order: string[] = []
  const waiting = Array.from({ length: 3 }, () => pace(signal, many).then(() => order.push("many")))
  const first = await next()
  await pace(signal, one).then(() => order.push("one"))
  // It took the first turn there was.
  expect(await next()).toBeLessThan(first + 2 * 250 + 50)
  await Promise.all(waiting)
  expect(order).toEqual(["one", "many", "many", "many"])
})

test("who stops waiting hears why, at once", async () => {
  process.env.RESEND_REQUESTS_PER_SECOND = "1"
  await pace(signal, one)
  const stop = new AbortController()
  const asked = Date.now()
  const waiting = Promise.allSettled([pace(stop.signal, one), pace(stop.signal, many)])
  await until(async () => (await next()) > asked + 1_500, 5_000)
  stop.abort(new Error("enough"))
  const ends = await waiting
  expect(ends.map((end) => end.status === "rejected" && end.reason.message)).toEqual(["enough", "enough"])
  await expect(pace(AbortSignal.abort(new Error("too late")), one)).rejects.toThrow("too late")
})

test("puts a run off while Redis is away", async () => {
  const error = await withRedisAt(`redis://127.0.0.1:${await freePort()}`, () =>
    pace(signal, one).catch((error) => error),
  )
  expect(error).toBeInstanceOf(RetryLater)
  expect(error.message).toContain("Redis does not answer")
})

test("has mail to many wait for no longer than a minute", async () => {
  process.env.RESEND_REQUESTS_PER_SECOND = "2"
  await Promise.all([pace(signal, one), pace(signal, one)])
  const waiting = pace(signal, many).catch((error) => error)
  setSystemTime(Date.now() + 61_000)
  expect(await waiting).toBeInstanceOf(RetryLater)
})
