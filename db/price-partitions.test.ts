import { expect, test } from "bun:test"
import { pool } from "./pool.ts"
import { ensurePartitions, ensurePartitionsOf } from "./price-partitions.ts"

const partitions = async () =>
  (
    await pool()<{ name: string }[]>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'prices'::regclass order by 1
    `
  ).map(({ name }) => name)

const nameOf = (monthsAhead: number) => {
  const now = new Date()
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + monthsAhead))
  return `prices_${month.toISOString().slice(0, 7).replace("-", "_")}`
}

test("partitions are made for this month and those to come, once", async () => {
  expect(await ensurePartitions(2)).toBe(3)
  expect(await partitions()).toEqual([0, 1, 2].map(nameOf))
  expect(await ensurePartitions(3)).toBe(1)
  expect(await ensurePartitions(3)).toBe(0)
})

test("a month begins at midnight in UTC, wherever the session is", async () => {
  await pool().begin(async (tx) => {
    await tx`set local time zone 'America/Sao_Paulo'`
    await tx`set local datestyle = 'SQL, DMY'`
    expect(await ensurePartitionsOf([new Date("2020-12-31T23:59:59.999Z")], tx)).toBe(1)
    expect(await ensurePartitionsOf([new Date("2021-01-01T00:00:00Z")], tx)).toBe(1)
  })
  const [row] = await pool()`
    select pg_get_expr(relpartbound, oid) as bounds from pg_class where relname = 'prices_2020_12'
  `
  expect(row!.bounds).toBe("FOR VALUES FROM ('2020-12-01 00:00:00+00') TO ('2021-01-01 00:00:00+00')")
  expect(await ensurePartitionsOf([], pool())).toBe(0)
})

test("sessions that make them at a time, in whatever order, make each once and do not wait for who is reading", async () => {
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2018, month)))
  const made = await pool().begin(async (reader) => {
    await reader`select count(*) from prices`
    return await Promise.all(
      [months, months.toReversed(), months.slice(4), months.slice(0, 8)].map((some) =>
        pool().begin((tx) => ensurePartitionsOf(some, tx)),
      ),
    )
  })
  expect(made.reduce((sum, each) => sum + each)).toBe(12)
})
