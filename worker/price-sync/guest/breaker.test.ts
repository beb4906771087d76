import { afterAll, beforeEach, describe, expect, test } from "bun:test"
import { queueClient } from "../../../lib/queues.ts"
import { connectRedis } from "../../../lib/redis/connect.ts"
import { Blocked, CircuitOpen, Rejected, Unavailable } from "../nota-parana/errors.ts"
import { createBreaker } from "./breaker.ts"
import { createClock, forgetGuest } from "./testing.ts"

const HOUR = 3_600_000
const other = connectRedis("worker")
const { signal } = new AbortController()

beforeEach(forgetGuest)
afterAll(() => other.disconnect())

/** Two breakers, as two processes have them, that wait without time passing. */
function createBreakers() {
  const clock = createClock()
  const waits: number[] = []
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds)
    await Bun.sleep(1)
  }
  const here = createBreaker({ redis: queueClient(), now: clock.now, wait })
  const there = createBreaker({ redis: other, now: clock.now, wait })
  return { here, there, clock, waits }
}

const answer = async () => "answer"
const block = async (): Promise<string> => {
  throw new Blocked("Nota Paraná answered with HTTP 429")
}

/** A request that is under way until it is ended. */
function underWay() {
  const ended = Promise.withResolvers<string>()
  const begun = Promise.withResolvers<void>()
  const ask = () => {
    begun.resolve()
    return ended.promise
  }
  return { ask, begun: begun.promise, answer: () => ended.resolve("answer"), fail: ended.reject }
}

test("lets everything through while nothing is wrong", async () => {
  const { here, there } = createBreakers()
  expect(await Promise.all([here.pass(answer, signal), there.pass(answer, signal)])).toEqual([
    "answer",
    "answer",
  ])
  expect(await here.look()).toBeUndefined()
})

test("opens for every process at the first sign of a block, and says until when and why", async () => {
  const { here, there } = createBreakers()
  await expect(here.pass(block, signal)).rejects.toBeInstanceOf(Blocked)
  let asked = false
  const error = await there
    .pass(async () => {
      asked = true
    }, signal)
    .catch((error) => error)
  expect(asked).toBeFalse()
  expect(error).toBeInstanceOf(CircuitOpen)
  expect(error.until).toEqual(new Date("2026-09-12T21:00:00Z"))
  expect(error.message).toBe(
    "Nota Paraná is not asked until 2026-09-12T21:00:00.000Z, by no process: Nota Paraná answered with HTTP 429",
  )
  expect(await there.look()).toEqual({ until: error.until, why: "Nota Paraná answered with HTTP 429" })
  await expect(here.pass(answer, signal)).rejects.toBeInstanceOf(CircuitOpen)
})

test.each([
  ["an outage", new Unavailable("HTTP 503")],
  ["a search that is not taken", new Rejected("HTTP 400", 400)],
  ["a bug", new TypeError("x is not a function")],
])("does not open for %s", async (_, error) => {
  const { here } = createBreakers()
  await expect(here.pass(() => Promise.reject(error), signal)).rejects.toBe(error)
  expect(await here.pass(answer, signal)).toBe("answer")
})

test("stays open for as long as Nota Paraná asks, when that is longer", async () => {
  const { here, there } = createBreakers()
  const until = async (retryAfter: number) => {
    await here.pass(() => Promise.reject(new Blocked("HTTP 429", retryAfter)), signal).catch(() => undefined)
    return (await there.look())?.until
  }
  expect(await until(24 * HOUR)).toEqual(new Date("2026-09-13T15:00:00Z"))
})

test("is not opened for shorter by one who was under way", async () => {
  const { here, there } = createBreakers()
  const late = underWay()
  const passing = there.pass(late.ask, signal)
  await late.begun
  await here.pass(() => Promise.reject(new Blocked("HTTP 429", 24 * HOUR)), signal).catch(() => undefined)
  late.fail(new Blocked("HTTP 403"))
  await expect(passing).rejects.toThrow("HTTP 403")
  expect(await here.look()).toEqual({ until: new Date("2026-09-13T15:00:00Z"), why: "HTTP 429" })
})

test("is not closed by one who was under way", async () => {
  const { here, there, clock } = createBreakers()
  const late = underWay()
  const passing = there.pass(late.ask, signal)
  await late.begun
  await here.pass(block, signal).catch(() => undefined)
  clock.pass(7 * HOUR)
  late.answer()
  expect(await passing).toBe("answer")
  expect(await here.look()).toBeDefined()
})

test("is not closed by a probe when another was blocked meanwhile", async () => {
  const { here, there, clock } = createBreakers()
  const late = underWay()
  const passing = there.pass(late.ask, signal)
  await late.begun
  await here.pass(block, signal).catch(() => undefined)
  clock.pass(6 * HOUR)
  const probe = underWay()
  const probing = here.pass(probe.ask, signal)
  await probe.begun
  late.fail(new Blocked("HTTP 403"))
  await expect(passing).rejects.toThrow("HTTP 403")
  probe.answer()
  await probing
  expect(await here.look()).toEqual({ until: new Date("2026-09-13T03:00:00Z"), why: "HTTP 403" })
})

describe("after the cool-down", () => {
  async function cooled() {
    const all = createBreakers()
    await all.here.pass(block, signal).catch(() => undefined)
    all.clock.pass(6 * HOUR)
    return all
  }

  test("a single request is let through, and if it is answered, all are", async () => {
    const { here, there, waits } = await cooled()
    const probe = underWay()
    const asked: string[] = []
    const probing = here.pass(probe.ask, signal)
    await probe.begun
    const waiting = [here, there].map((breaker, index) =>
      breaker.pass(async () => asked.push(String(index)), signal),
    )
    while (waits.length < 4) await Bun.sleep(1)
    expect(asked).toEqual([])
    probe.answer()
    expect(await probing).toBe("answer")
    await Promise.all(waiting)
    expect(asked.sort()).toEqual(["0", "1"])
    expect(await there.look()).toBeUndefined()
  })

  test("it is left alone again if that is blocked, and nobody else has asked", async () => {
    const { here, there, clock, waits } = await cooled()
    const probe = underWay()
    const probing = here.pass(probe.ask, signal)
    await probe.begun
    const waiting = there.pass(() => Promise.reject(new Error("asked")), signal).catch((error) => error)
    while (waits.length < 2) await Bun.sleep(1)
    probe.fail(new Blocked("Nota Paraná answered with fabricated rows"))
    await expect(probing).rejects.toBeInstanceOf(Blocked)
    expect((await waiting).message).toStartWith(
      "Nota Paraná is not asked until 2026-09-13T03:00:00.000Z, by no process: Nota Paraná answered with fab",
    )
    clock.pass(6 * HOUR)
    expect(await there.pass(answer, signal)).toBe("answer")
  })

  test("another one is let through if nothing can be told from that one", async () => {
    const { here, there } = await cooled()
    await expect(here.pass(() => Promise.reject(new Unavailable("HTTP 503")), signal)).rejects.toThrow("503")
    expect(await here.look()).toBeDefined()
    expect(await there.pass(answer, signal)).toBe("answer")
    expect(await here.look()).toBeUndefined()
  })

  test("another one is let through if that one is never heard of again, and the lost one decides nothing", async () => {
    const { here, there, clock } = await cooled()
    const lost = underWay()
    const passing = here.pass(lost.ask, signal)
    await lost.begun
    clock.pass(60_000)
    const probe = underWay()
    const probing = there.pass(probe.ask, signal)
    await probe.begun
    lost.answer()
    expect(await passing).toBe("answer")
    expect(await here.look()).toBeDefined()
    probe.answer()
    expect(await probing).toBe("answer")
    expect(await here.look()).toBeUndefined()
  })

  test("who waits for that one heeds its signal", async () => {
    const { here, there, waits } = await cooled()
    const probe = underWay()
    const probing = here.pass(probe.ask, signal)
    await probe.begun
    const stop = new AbortController()
    const waiting = there.pass(answer, stop.signal)
    while (waits.length < 1) await Bun.sleep(1)
    stop.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow("enough")
    probe.answer()
    await probing
  })

  test("its answer stands though Redis cannot be told of it", async () => {
    const { clock } = await cooled()
    const redis = connectRedis("worker")
    const breaker = createBreaker({ redis, now: clock.now })
    const losing = breaker.pass(async () => {
      redis.disconnect()
      return "answer"
    }, signal)
    expect(await losing).toBe("answer")
  })
})
