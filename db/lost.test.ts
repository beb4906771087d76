import { afterAll, expect, test } from "bun:test"
import { setTimeout as wait } from "node:timers/promises"
import type postgres from "postgres"
import { startProxy } from "../sandbox/proxy.ts"
import { inBatches } from "./batches.ts"
import { closePool, directSession, pool, sidePool } from "./pool.ts"

// An error that nothing has caught, which would end a worker, fails these tests.

// postgres.js tells the first statement after a server has ended a connection of it once more.
afterAll(() => closePool())

const pidOf = async (tx: postgres.TransactionSql) => {
  const [{ pid }] = await tx<[{ pid: number }]>`select pg_backend_pid() as pid`
  return pid
}

/** End a backend, and give its client the time to hear of it. */
async function end(pid: number) {
  await sidePool()`select pg_terminate_backend(${pid})`
  await wait(100)
}

const failure = (work: (tx: postgres.TransactionSql) => Promise<unknown>, sql = pool()) =>
  sql.begin(work).then(
    () => undefined,
    (error: Error & { code?: string }) => error.code,
  )

const LOST = expect.stringMatching(/^(?:CONNECTION_CLOSED|57P01|ECONNRESET)$/)

test("what a transaction asks for after its connection is gone is refused, and the next one has another", async () => {
  expect(
    await failure(async (tx) => {
      await end(await pidOf(tx))
      for (const _ of [1, 2]) expect(await tx`select ${1}::int`.catch((error) => error.code)).toEqual(LOST)
    }),
  ).toEqual(LOST)
  expect(await pool()`select 1 as one`).toMatchObject([{ one: 1 }])
})

test.each(["ends well", "fails"])(
  "a transaction whose connection is gone while it does something else, and that then %s, has failed",
  async (how) => {
    const code = await failure(async (tx) => {
      await end(await pidOf(tx))
      if (how === "fails") throw new Error("for another reason")
    })
    expect(code).toEqual(LOST)
    await wait(50)
    expect(await pool()`select 1 as one`).toMatchObject([{ one: 1 }])
  },
)

test("a statement under way when its connection goes fails, and its transaction with it", async () => {
  expect(
    await failure(async (tx) => {
      const pid = await pidOf(tx)
      setTimeout(() => void end(pid), 50)
      await tx`select pg_sleep(${10}::int)`
    }),
  ).toEqual(LOST)
  await wait(50)
})

test("what fails for another reason is rolled back, and fails with that", async () => {
  const wrong = new Error("wrong")
  await pool()`create table lost_test (n int)`
  const failed = pool().begin(async (tx) => {
    await tx`insert into lost_test values (1)`
    throw wrong
  })
  expect(await failed.catch((error) => error)).toBe(wrong)
  expect(await pool()`select n from lost_test`).toHaveLength(0)
  const [one, two] = await pool().begin((tx) => [tx`select 1 as n`, tx`select 2 as n`])
  expect([one![0]!.n, two![0]!.n]).toEqual([1, 2])
  await pool()`drop table lost_test`
})

test("a line that is cut without a word is told of as well", async () => {
  const line = await startProxy(Number(new URL(process.env.DATABASE_URL!).port))
  const sql = directSession(
    Object.assign(new URL(process.env.DATABASE_URL!), { host: `127.0.0.1:${line.port}` }).href,
  )
  const code = failure(async (tx) => {
    await tx`select 1`
    await line.stop()
    await wait(50)
    await tx`select 2`
  }, sql)
  expect(await code).toEqual(LOST)
  await sql.end({ timeout: 1 })
})

const series = (count: number, tx: postgres.TransactionSql) =>
  inBatches(tx<{ n: number }[]>`select n from generate_series(1, ${count}::int) as n order by n`, tx)

test.each([0, 1, 499, 500, 501, 1_700])("a query of %d rows gives all of them in batches", async (count) => {
  await pool().begin(async (tx) => {
    const batches = await Array.fromAsync(series(count, tx))
    expect(batches.flat().map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, n) => n + 1))
    expect(batches.every(({ length }) => length > 0 && length <= 500)).toBe(true)
    // Two at once, of the same transaction.
    const [one, other] = [series(600, tx), series(600, tx)]
    await one.next()
    expect((await Array.fromAsync(other)).flat()).toHaveLength(600)
    expect((await Array.fromAsync(one)).flat()).toHaveLength(100)
  })
})

test("rows whose connection is lost between two batches fail, and do not seem to be all", async () => {
  let read = 0
  const code = await failure(async (tx) => {
    const pid = await pidOf(tx)
    for await (const batch of series(2_000, tx)) {
      read += batch.length
      if (read === 500) await end(pid)
    }
  })
  expect(code).toEqual(LOST)
  expect(read).toBe(500)
})
