import { afterEach, beforeEach, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { until } from "../../sandbox/until.ts"
import { keepPartitions } from "./partitions.ts"

let kept: ReturnType<typeof keepPartitions>

const partitions = () =>
  pool()<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'prices'::regclass order by 1
  `

async function dropPartitions() {
  for (const { name } of await partitions()) await pool()`drop table ${pool()(name)}`
}

const areMade = () =>
  until(async () => {
    const names = (await partitions()).map(({ name }) => name)
    return Bun.deepEquals(names, [0, 1, 2, 3].map(nameOf))
  }, 5_000)

function nameOf(monthsAhead: number) {
  const now = new Date()
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + monthsAhead))
  return `prices_${month.toISOString().slice(0, 7).replace("-", "_")}`
}

beforeEach(dropPartitions)
afterEach(() => kept.stop())

test("there are partitions for this month and three to come, though nobody has a price to store, and again as time goes by", async () => {
  kept = keepPartitions(50)
  expect(await areMade()).toBe(true)
  // As if months had passed.
  await dropPartitions()
  expect(await areMade()).toBe(true)
})

test("stopped, no more are made", async () => {
  kept = keepPartitions(50)
  expect(await areMade()).toBe(true)
  await kept.stop()
  await dropPartitions()
  await Bun.sleep(150)
  expect(await partitions()).toHaveLength(0)
})
