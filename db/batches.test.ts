import { expect, test } from "bun:test"
import type postgres from "postgres"
import { until } from "../sandbox/until.ts"
import { inBatches } from "./batches.ts"
import { isDatabaseAway } from "./errors.ts"
import { pool, sidePool } from "./pool.ts"

const series = (count: number, tx: postgres.TransactionSql) =>
  inBatches(tx<{ n: number }[]>`select n from generate_series(1, ${count}::int) as n order by n`, tx)

test.each([0, 1, 499, 500, 501, 1_700])(
  "a query of %d rows gives all of them, some at a time",
  async (count) => {
    await pool().begin(async (tx) => {
      const batches = await Array.fromAsync(series(count, tx))
      expect(batches.flat().map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, n) => n + 1))
      expect(batches.every(({ length }) => length > 0 && length <= 500)).toBe(true)
    })
  },
)

test("several queries of a transaction are read beside each other, and one that is left early is in nobody's way", async () => {
  await pool().begin(async (tx) => {
    const [one, other] = [series(600, tx), series(600, tx)]
    await one.next()
    await other.next()
    await other.return(undefined)
    expect((await Array.fromAsync(one)).flat()).toHaveLength(100)
    expect((await Array.fromAsync(series(3, tx))).flat()).toHaveLength(3)
  })
})

test("rows whose connection is lost between two batches fail, and do not seem to be all", async () => {
  let read = 0
  const failure = await pool()
    .begin(async (tx) => {
      const [{ pid }] = await tx<[{ pid: number }]>`select pg_backend_pid() as pid`
      const isGone = async () => !(await sidePool()`select 1 from pg_stat_activity where pid = ${pid}`).length
      for await (const batch of series(2_000, tx)) {
        read += batch.length
        await sidePool()`select pg_terminate_backend(${pid})`
        expect(await until(isGone, 5_000)).toBe(true)
      }
    })
    .catch((error) => error)
  expect(isDatabaseAway(failure)).toBe(true)
  expect(read).toBe(500)
})
