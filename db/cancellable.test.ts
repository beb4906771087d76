import { expect, test } from "bun:test"
import type postgres from "postgres"
import { until } from "../sandbox/until.ts"
import { backendOf, cancellable } from "./cancellable.ts"
import { copyOut } from "./copy.ts"
import { pool } from "./pool.ts"

const running = async (mark: string) =>
  (
    await pool()`select pid from pg_stat_activity where state = 'active' and query like ${`%${mark}%`} and pid <> pg_backend_pid()`
  ).length > 0
const reason = new Error("cancelled by the test")

/** Abort some work once PostgreSQL is at it; what it ended with. */
async function abortInTheMiddle(mark: string, work: (tx: postgres.TransactionSql) => Promise<unknown>) {
  const stop = new AbortController()
  const ending = cancellable(stop.signal, work).then(
    () => "committed",
    (error) => error,
  )
  expect(await until(() => running(mark), 10_000)).toBe(true)
  stop.abort(reason)
  const ended = await ending
  expect(await running(mark)).toBe(false)
  return ended
}

test("a query is stopped in the middle, and rejects with the signal's reason", async () => {
  const ended = await abortInTheMiddle("slow_query", (tx) => tx`select pg_sleep(60) as slow_query`)
  expect(ended).toBe(reason)
})

test("a COPY out is stopped in the middle, and its connection is of use again", async () => {
  const ended = await abortInTheMiddle("slow_copy", async (tx) => {
    const rows = tx`copy (select slow_copy, repeat('x', 100) from generate_series(1, 1000000000) slow_copy) to stdout`
    for await (const _ of copyOut(rows, { pid: await backendOf(tx) }));
  })
  expect(ended).toBe(reason)
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => pool()`select ${n}::int as n`))
  expect(answers.map(([row]) => row!.n)).toEqual(Array.from({ length: 30 }, (_, n) => n))
})

test("a COPY in is stopped in the middle, and leaves nothing", async () => {
  await pool()`create table if not exists copied_in (line text)`
  const ended = await abortInTheMiddle("copied_in", async (tx) => {
    const writable = await tx`copy copied_in from stdin`.writable()
    await new Promise((_, reject) => {
      writable.on("error", reject)
      const feed = () =>
        writable.write(`${"x".repeat(1_000)}\n`, (error) => (error ? reject(error) : setImmediate(feed)))
      feed()
    })
  })
  expect(ended).toBe(reason)
  expect(await pool()`select 1 from copied_in limit 1`).toHaveLength(0)
})

test("between two statements it is stopped at the next", async () => {
  const stop = new AbortController()
  const ended = await cancellable(stop.signal, async (tx) => {
    stop.abort(reason)
    await tx`select pg_sleep(60)`
  }).catch((error) => error)
  expect(ended).toBe(reason)
})

test("nothing begins when the signal was aborted before", async () => {
  const ended = await cancellable(AbortSignal.abort(reason), async () => "begun").catch((error) => error)
  expect(ended).toBe(reason)
})

test("what is not stopped is committed, and errors come as they are", async () => {
  const { signal } = new AbortController()
  expect(await cancellable(signal, async (tx) => (await tx<[{ one: number }]>`select 1 as one`)[0].one)).toBe(
    1,
  )
  const broken = await cancellable(signal, (tx) => tx`select nothing_here`).catch((error) => error.message)
  expect(broken).toContain("nothing_here")
})

test("no statement of others is hit when many are stopped", async () => {
  let innocent = 0
  let running = true
  const others = Array.from({ length: 4 }, async () => {
    while (running) {
      await pool()`select pg_sleep(0.001)`
      innocent += 1
    }
  })
  for (let time = 0; time < 150; time++) {
    const stop = new AbortController()
    const ending = cancellable(stop.signal, (tx) => tx`select pg_sleep(0.004)`).catch((error) => error)
    await Bun.sleep(time % 8)
    stop.abort(reason)
    await ending
  }
  running = false
  await Promise.all(others)
  expect(innocent).toBeGreaterThan(50)
})
