import { afterEach, describe, expect, test } from "bun:test"
import { poolSize, SIDE_CONNECTIONS, sizePool } from "../db/pool.ts"
import { ConfigurationError } from "../lib/errors.ts"
import { backup } from "../lib/jobs/backup.ts"
import { email } from "../lib/jobs/email.ts"
import { connectionBudget, fitPool } from "./connections.ts"
import type { Work } from "./work.ts"

const before = poolSize()

afterEach(() => {
  sizePool(before)
  delete process.env.DATABASE_POOL
})

/** Work on a queue each, with so many runs at a time. */
const work = (...concurrencies: number[]): Work[] =>
  concurrencies.map((concurrency) => ({ job: { ...email, concurrency }, processor: async () => null }))

describe("where the environment says nothing, the pool", () => {
  test("holds a connection for each run at a time and eight beside them, however many jobs there are", () => {
    fitPool(work(10))
    expect(poolSize()).toBe(18)
    fitPool(work(30, 20, 3))
    expect(poolSize()).toBe(61)
  })

  test("is what the budget is told by, together with what is beside it", () => {
    const all = work(30, 20)
    fitPool(all)
    expect(connectionBudget(all)).toEqual({ postgres: 58 + SIDE_CONNECTIONS + 1, redis: 5 })
  })

  test("has the connections that backups open for themselves in the budget", () => {
    const all = work(30)
    const [{ processor }] = all as [Work]
    expect(connectionBudget([...all, { job: backup, processor }]).postgres).toBe(
      connectionBudget(all).postgres + 5,
    )
  })
})

describe("where the environment says how many, they", () => {
  test("may be more than are needed", () => {
    process.env.DATABASE_POOL = "40"
    fitPool(work(10))
    expect(poolSize()).toBe(40)
    expect(connectionBudget(work(10)).postgres).toBe(40 + SIDE_CONNECTIONS + 1)
  })

  test("must not be fewer", () => {
    process.env.DATABASE_POOL = "11"
    expect(() => fitPool(work(10))).toThrow(
      new ConfigurationError(
        "DATABASE_POOL is 11, and the runs worked on at a time, and what is beside them, need 18",
      ),
    )
  })
})
