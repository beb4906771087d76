import { expect, test } from "bun:test"
import postgres from "postgres"
import { isDatabaseAway } from "./errors.ts"

/** A transaction whose connection is cut between its statements, the latter of which comes once `sql` has done `between`. */
async function cutBetween(between: (sql: postgres.Sql) => unknown) {
  const closed = Promise.withResolvers<number>()
  const sql = postgres(process.env.DATABASE_URL!, { max: 1, onclose: closed.resolve })
  const other = postgres(process.env.DATABASE_URL!, { max: 1 })
  const ended = Promise.withResolvers<unknown>()
  try {
    await other`create table cut (id int)`
    const outcome = await sql
      .begin(async (tx) => {
        const [{ pid } = { pid: 0 }] = await tx`select pg_backend_pid() as pid`
        await other`select pg_terminate_backend(${pid})`
        await closed.promise
        await between(sql)
        ended.resolve(await tx`insert into cut values (1)`.catch((error) => error))
      })
      .catch((error) => error)
    const late = await ended.promise
    return { outcome, late, rows: (await sql`select from cut`).length }
  } finally {
    await other`drop table cut`
    await Promise.all([sql.end(), other.end()])
  }
}

test("a transaction whose connection is cut between two statements fails as when PostgreSQL is away, and the next has a connection", async () => {
  const { outcome, late, rows } = await cutBetween(() => undefined)
  expect([outcome, late].map(isDatabaseAway)).toEqual([true, true])
  expect(rows).toBe(0)
})

test("a statement of a transaction that was cut is not done by whoever has its connection next", async () => {
  const { late, rows } = await cutBetween((sql) => sql`select 1`)
  expect(isDatabaseAway(late)).toBe(true)
  expect(rows).toBe(0)
})

test("that a statement was cut is told of it alone, and not of the next on the same connection", async () => {
  const sql = postgres(process.env.DATABASE_URL!, { max: 1 })
  const other = postgres(process.env.DATABASE_URL!, { max: 1 })
  try {
    const [{ pid } = { pid: 0 }] = await sql`select pg_backend_pid() as pid`
    const slow = sql`select pg_sleep(${30}::int)`.catch((error) => error)
    await other`select pg_terminate_backend(${pid})`
    expect(isDatabaseAway(await slow)).toBe(true)
    expect(await sql`select 1 as one`).toMatchObject([{ one: 1 }])
  } finally {
    await Promise.all([sql.end(), other.end()])
  }
})
