import { expect, test } from "bun:test"
import type postgres from "postgres"
import { backendOf } from "./cancellable.ts"
import { directSession, sidePool } from "./pool.ts"

const LOST = { code: "CONNECTION_CLOSED" }

/** End the connection of a transaction that nothing is asked of, and wait until this process has heard of it. */
async function cut(pid: number, gone: Promise<unknown>) {
  await sidePool()`select pg_terminate_backend(${pid})`
  await gone.catch(() => undefined)
}

const ways: [string, (tx: postgres.TransactionSql) => Promise<unknown>][] = [
  ["ends well", async () => "done"],
  ["fails", async () => Promise.reject(new Error("of its own"))],
  ["asks for more", async (tx) => await tx`select 1`],
  ["asks for more, in another way", async (tx) => await tx.unsafe("select 1")],
  ["goes on to a savepoint", async (tx) => await tx.savepoint(async (it) => await it`select 1`)],
]

for (const [what, goOn] of ways)
  test(`a transaction whose connection is lost while it does something else, and then ${what}, fails by that; the next one is begun`, async () => {
    const session = directSession()
    const opened = Promise.withResolvers<number>()
    const cutOff = Promise.withResolvers<void>()
    const worked = Promise.withResolvers<unknown>()
    const transaction = session.begin(async (tx) => {
      opened.resolve(await backendOf(tx))
      await cutOff.promise
      const going = goOn(tx)
      worked.resolve(going.catch((error: Error) => error))
      return await going
    })
    await cut(await opened.promise, transaction)
    cutOff.resolve()
    await worked.promise
    await expect(transaction).rejects.toMatchObject(LOST)
    const [row] = await session.begin(async (tx) => await tx`select 1 as one`)
    expect(row).toEqual({ one: 1 })
    await session.end()
  })

test("a transaction whose connection is lost in the middle of a query fails by that", async () => {
  const session = directSession()
  const opened = Promise.withResolvers<number>()
  const transaction = session.begin(async (tx) => {
    opened.resolve(await backendOf(tx))
    await tx`select pg_sleep(60)`
  })
  const ended = transaction.catch((error) => error)
  await sidePool()`select pg_terminate_backend(${await opened.promise})`
  expect((await ended).code).toMatch(/57P01|CONNECTION_CLOSED/)
  await session.end({ timeout: 1 })
})

test("a transaction is as it was otherwise: its result, several at once, its options, its errors", async () => {
  const session = directSession()
  expect(await session.begin((tx) => [tx`select 1 as one`, tx`select 2 as two`])).toEqual([
    [{ one: 1 }],
    [{ two: 2 }],
  ] as never)
  const readOnly = session.begin("read only", (tx) => tx`create table never (id int)`)
  await expect(readOnly).rejects.toMatchObject({ code: "25006" })
  const caught = session.begin(async (tx) => {
    await tx.savepoint((it) => it`select 1 / 0`).catch(() => undefined)
    const [row] = await tx`select ${tx`40 + ${2}::int`} as it, ${tx.json({ a: 1 })}::jsonb as json`
    return row
  })
  expect(await caught).toEqual({ it: 42, json: { a: 1 } })
  await session.end()
})
