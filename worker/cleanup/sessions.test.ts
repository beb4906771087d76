import { afterAll, beforeEach, expect, test } from "bun:test"
import { queueClient } from "../../lib/queues.ts"
import { connectRedis, untilReady } from "../../lib/redis/connect.ts"
import { sessionStore } from "../../lib/session/store.ts"
import { askMasters, forgetAll } from "../../sandbox/testing.ts"
import { perform, testRun } from "../testing.ts"

const DAY = 86_400
const redis = connectRedis("worker")
const keyed = (id: string) => `esteira:session:planted:${id}`
const clean = (dryRun = false, run = testRun()) =>
  perform("cleanup", { target: "sessions", olderThan: 7, dryRun, orphans: "report" }, run)

afterAll(() => redis.disconnect())

beforeEach(async () => {
  await untilReady(queueClient())
  await forgetAll()
})

/** Have a session that would never end, and was not used for so many seconds. */
async function unending(id: string, idle: number) {
  await redis.set("mould", "{}")
  const dump = await redis.dumpBuffer("mould")
  await redis.call("restore", keyed(id), 0, dump!, "IDLETIME", idle)
  await redis.del("mould")
}

/** How many it is of all masters together. */
const total = async (ask: Parameters<typeof askMasters<number>>[0]) =>
  (await askMasters(ask)).reduce((sum, count) => sum + count, 0)

const commands = (name: string) =>
  total(async (master) =>
    Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(await master.info("commandstats"))?.[1] ?? 0),
  )

const setPolicy = (policy: string) =>
  askMasters((master) => master.call("config", "set", "maxmemory-policy", policy))

test("deletes sessions that would never end and that nobody uses, and leaves those that end by themselves", async () => {
  const sessions = sessionStore<{ userId: number }>("planted")
  await sessions.write("ana", { userId: 1 }, 60)
  await unending("forgotten", 8 * DAY)
  await unending("in-use", 6 * DAY)
  await redis.set("esteira:workers-of-others", "x")
  await redis.set("sess:of-another-application", "x")

  expect((await clean(true)).items).toMatchObject([{ deleted: 1, kept: [{ count: 1 }, { count: 1 }] }])
  expect(await redis.ttl(keyed("in-use"))).toBe(-1)

  const { items, deleted } = await clean()
  expect(deleted).toBe(1)
  expect(items[0]?.kept).toEqual([
    { count: 1, why: "it ends by itself" },
    { count: 1, why: expect.stringContaining("has one now") },
  ])
  expect(await redis.exists(keyed("forgotten"))).toBe(0)
  expect(await redis.ttl(keyed("in-use"))).toBeWithin(7 * DAY - 60, 7 * DAY + 60)
  expect(await sessions.read("ana")).toEqual({ userId: 1 })
  for (const key of ["esteira:workers-of-others", "sess:of-another-application"])
    expect(await redis.get(key)).toBe("x")
  expect(await clean()).toMatchObject({ deleted: 0, kept: 2 })
})

test("goes through thousands of sessions without ever asking for all keys", async () => {
  const keys = Array.from({ length: 5_000 }, (_, at) => (at % 2 ? keyed(String(at)) : `esteira:limit:${at}`))
  await Promise.all(keys.map((key) => redis.set(key, "{}", "EX", 60)))
  for (let at = 0; at < 20; at++) await unending(`forgotten-${at}`, 30 * DAY)
  await askMasters((master) => master.call("config", "resetstat"))
  const [one, other] = await Promise.all([clean(), clean()])
  // Two at once come to the same.
  expect(one.deleted + other.deleted).toBe(20)
  expect([await commands("keys"), (await commands("scan")) > 5]).toEqual([0, true])
  expect(await total((master) => master.dbsize())).toBe(5_000)
})

test("gives them an end where Redis cannot tell since when they are idle", async () => {
  await setPolicy("volatile-lfu")
  try {
    await redis.set(keyed("unending"), "{}")
    expect(await clean()).toMatchObject({ deleted: 0, kept: 1 })
    expect(await redis.ttl(keyed("unending"))).toBeGreaterThan(6 * DAY)
  } finally {
    await setPolicy("noeviction")
  }
})

test("stops when its signal is aborted", async () => {
  await unending("forgotten", 8 * DAY)
  const signal = AbortSignal.abort(new Error("the run is cancelled"))
  await expect(clean(false, testRun({ signal }))).rejects.toThrow("the run is cancelled")
  expect(await redis.exists(keyed("forgotten"))).toBe(1)
})
