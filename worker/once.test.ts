import { expect, test } from "bun:test"
import { join } from "node:path"
import postgres from "postgres"
import { migrate } from "../db/migrate.ts"
import { closePool, pool } from "../db/pool.ts"
import { freePort } from "../sandbox/ports.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { temporaryFolder } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { once } from "./once.ts"

const { signal } = new AbortController()
const fresh = () => crypto.randomUUID()

test("an effect that is done is not done again, and its result is returned, days later too", async () => {
  const id = fresh()
  let times = 0
  const charge = async () => ({ charged: ++times })
  expect(await once(id, "charge", charge, signal)).toEqual({ charged: 1 })
  await pool()`update effects set created_at = now() - interval '20 days', done_at = now() - interval '20 days' where run_id = ${id}`
  expect(await once(id, "charge", charge, signal)).toEqual({ charged: 1 })
  expect(await once(id, "another", charge, signal)).toEqual({ charged: 2 })
  expect(await once(fresh(), "charge", charge, signal)).toEqual({ charged: 3 })
})

test.each([[null], [0], [""], [false], [["a", { b: null }]]])(
  "the result %j comes back as it was",
  async (result) => {
    const id = fresh()
    expect(await once(id, "it", async () => result, signal)).toEqual(result)
    expect(await once(id, "it", async () => "other", signal)).toEqual(result as never)
  },
)

test("an effect without a result is done once too", async () => {
  const id = fresh()
  let times = 0
  const act = async () => void times++
  await once(id, "it", act, signal)
  await once(id, "it", act, signal)
  expect(times).toBe(1)
})

test("two workers that race for the same effect do it once, and both get its result", async () => {
  const id = fresh()
  const gate = Promise.withResolvers<void>()
  let times = 0
  const act = async () => {
    times += 1
    await gate.promise
    return { number: times }
  }
  const both = Array.from({ length: 10 }, () => once(id, "it", act, signal))
  expect(await until(() => times > 0, 5_000)).toBe(true)
  gate.resolve()
  expect(new Set((await Promise.all(both)).map((result) => result.number))).toEqual(new Set([1]))
  expect(times).toBe(1)
})

test("an effect that failed is done by the next try", async () => {
  const id = fresh()
  const failing = once(id, "it", () => Promise.reject(new Error("refused")), signal)
  expect(await failing.catch((error) => error.message)).toBe("refused")
  expect(await once(id, "it", async () => "done", signal)).toBe("done")
})

test("an effect whose worker was killed before its record is done again once the claim has run out", async () => {
  const id = fresh()
  await pool()`
    insert into effects (run_id, key, claimed_by, claimed_until)
    values (${id}, 'it', ${fresh()}, now() + interval '400 milliseconds')
  `
  const [{ until: claimed }] = await pool()<[{ until: Date }]>`
    select claimed_until as until from effects where run_id = ${id}
  `
  const act = async () => ({
    late: (await pool()<[{ late: boolean }]>`select now() >= ${claimed} as late`)[0].late,
  })
  expect(await once(id, "it", act, signal)).toEqual({ late: true })
})

test("a claim is kept for as long as the effect takes", async () => {
  const before = process.env.LOCK_DURATION
  process.env.LOCK_DURATION = "150"
  const id = fresh()
  const gate = Promise.withResolvers<string>()
  let others = 0
  const first = once(id, "it", () => gate.promise, signal)
  const claimed = async () => (await pool()`select 1 from effects where run_id = ${id}`).length > 0
  expect(await until(claimed, 5_000)).toBe(true)
  const second = once(id, "it", async () => String(++others), signal)
  const [{ until: at }] = await pool()<
    [{ until: Date }]
  >`select claimed_until as until from effects where run_id = ${id}`
  const renewedTwice = async () => {
    const [row] = await pool()<
      { until: Date }[]
    >`select claimed_until as until from effects where run_id = ${id}`
    return row!.until.getTime() - at.getTime() > 200
  }
  expect(await until(renewedTwice, 5_000)).toBe(true)
  gate.resolve("first")
  expect(await Promise.all([first, second])).toEqual(["first", "first"])
  expect(others).toBe(0)
  if (before === undefined) delete process.env.LOCK_DURATION
  else process.env.LOCK_DURATION = before
})

test("waiting for another worker's effect ends with the signal", async () => {
  const id = fresh()
  await pool()`
    insert into effects (run_id, key, claimed_by, claimed_until)
    values (${id}, 'it', ${fresh()}, now() + interval '1 hour')
  `
  const stop = new AbortController()
  const waiting = once(id, "it", async () => "done", stop.signal)
  stop.abort(new Error("cancelled"))
  expect(await waiting.catch((error) => error.message)).toBe("cancelled")
})

test("a result that PostgreSQL's JSON does not take is kept all the same", async () => {
  const id = crypto.randomUUID()
  expect(await once(id, "it", async () => ({ text: "a\0b\ud800" }), signal)).toEqual({
    text: "a\ufffdb\ufffd",
  })
  expect(await once(id, "it", async () => ({ text: "again" }), signal)).toEqual({ text: "a\ufffdb\ufffd" })
})

test("an effect that is done while PostgreSQL is away is recorded when it is back, and not done again", async () => {
  const place = { dataDir: join(await temporaryFolder(), "postgres"), durable: true, port: await freePort() }
  const first = await startPostgres(place)
  const session = postgres(first.url, { max: 1, onnotice: () => undefined })
  await migrate(session)
  await session.end()
  const before = process.env.DATABASE_URL
  await closePool(0)
  process.env.DATABASE_URL = first.url
  const id = crypto.randomUUID()
  let times = 0
  let second = first
  const act = async () => {
    times += 1
    await first.stop()
    void startPostgres(place).then((started) => {
      second = started
    })
    return times
  }
  expect(await once(id, "it", act, signal)).toBe(1)
  expect(await once(id, "it", act, signal)).toBe(1)
  expect(await until(() => second !== first, 10_000)).toBe(true)
  await closePool(0)
  process.env.DATABASE_URL = before
  await second.stop()
})
