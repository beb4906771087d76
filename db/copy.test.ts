import { expect, test } from "bun:test"
import type postgres from "postgres"
import { createBlockPool } from "../lib/block-pool.ts"
import { backendOf, cancellable } from "./cancellable.ts"
import { copyOut } from "./copy.ts"
import { type Db, directSession, pool } from "./pool.ts"

const never = new AbortController().signal

async function* reading(copy: postgres.PendingQuery<postgres.Row[]>, db: Db) {
  yield* copyOut(copy, { pid: await backendOf(db) })
}

const lengthOf = async (pieces: AsyncIterable<Uint8Array>) => {
  let length = 0
  for await (const piece of pieces) length += piece.length
  return length
}

test("500 COPYs of any size leave their connection of use, read fast or slowly", async () => {
  for (let time = 0; time < 500; time++) {
    const [rows, width] = [(time * 37) % 5_000, 1 + ((time * 7) % 300)]
    const read = await cancellable(never, async (tx) => {
      const copy = tx`copy (select repeat('x', ${tx.unsafe(String(width))}) from generate_series(1, ${tx.unsafe(String(rows))})) to stdout`
      let length = 0
      for await (const piece of reading(copy, tx)) {
        length += piece.length
        if (time % 50 === 0) await Bun.sleep(1)
      }
      const [{ one }] = await tx<[{ one: number }]>`select 1 as one`
      return length * one
    })
    expect(read).toBe(rows * (width + 1))
  }
})

test("what is read is what was sent, in order, though a row is larger than a piece", async () => {
  const text = await cancellable(never, async (tx) => {
    const copy = tx`copy (select case n when 3 then repeat('y', 700000) else n::text end from generate_series(1, 60000) as n) to stdout`
    return Buffer.concat(await Array.fromAsync(reading(copy, tx))).toString()
  })
  const expected = Array.from({ length: 60_000 }, (_, n) => (n === 2 ? "y".repeat(700_000) : String(n + 1)))
  expect(text === `${expected.join("\n")}\n`).toBe(true)
})

test("blocks are of whole rows, those that are taken alone, and are used again once they are given back", async () => {
  const pool = createBlockPool(65_536)
  const memory = new Set<ArrayBufferLike>()
  let seen = 0
  const lines = await cancellable(never, async (tx) => {
    const copy = tx`copy (select n, e'two\nlines' from generate_series(1, 90000) as n) to stdout`
    const take = (row: Buffer) => (++seen % 3 === 0 ? row : undefined)
    const lines: string[] = []
    for await (const block of copyOut(copy, { pid: await backendOf(tx), pool, take })) {
      expect(block.at(-1)).toBe("\n".charCodeAt(0))
      memory.add(block.buffer)
      lines.push(...Buffer.from(block).toString().trimEnd().split("\n"))
      pool.give(block)
    }
    return lines
  })
  expect(lines).toEqual(Array.from({ length: 30_000 }, (_, n) => `${3 * n + 3}\ttwo\\nlines`))
  expect(seen).toBe(90_000)
  expect(memory.size).toBeLessThan(10)
})

test("a reader that is slow holds PostgreSQL up, and not the rows in memory", async () => {
  const before = process.memoryUsage.rss()
  const grown = await cancellable(never, async (tx) => {
    let most = 0
    let pieces = 0
    for await (const _ of reading(
      tx`copy (select repeat('x', 1000) from generate_series(1, 200000)) to stdout`,
      tx,
    )) {
      if (++pieces % 100 === 0) await Bun.sleep(20)
      most = Math.max(most, process.memoryUsage.rss() - before)
    }
    return most
  })
  expect(grown).toBeLessThan(100_000_000)
})

test("left early, the statement is stopped and the connection is of use again", async () => {
  const reason = new Error("enough")
  for (let time = 0; time < 20; time++) {
    const left = cancellable(never, async (tx) => {
      const copy = tx`copy (select generate_series(1, 100000000) as left_early, repeat('x', 1000)) to stdout`
      for await (const _ of reading(copy, tx))
        if (time % 2 === 0) throw reason
        else break
      throw reason
    })
    expect(await left.catch((error) => error)).toBe(reason)
  }
  const running =
    await pool()`select 1 from pg_stat_activity where state = 'active' and query like '%left_early%' and pid <> pg_backend_pid()`
  expect(running).toHaveLength(0)
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => pool()`select ${n}::int as n`))
  expect(answers.map(([row]) => row!.n)).toEqual(Array.from({ length: 40 }, (_, n) => n))
})

test("an error in the middle comes to whoever reads, and one at once as well", async () => {
  const late = cancellable(never, (tx) =>
    lengthOf(reading(tx`copy (select 1 / (50000 - n) from generate_series(1, 100000) as n) to stdout`, tx)),
  )
  expect((await late.catch((error) => error)).message).toContain("division by zero")
  const early = cancellable(never, (tx) => lengthOf(reading(tx`copy (select nothing_here) to stdout`, tx)))
  expect((await early.catch((error) => error)).message).toContain("nothing_here")
})

test("a connection that is cut in the middle is an error, and no end of the data", async () => {
  const session = directSession()
  const read = async () => {
    const copy = session`copy (select generate_series(1, 100000000) as cut_off, repeat('x', 1000)) to stdout`
    for await (const _ of reading(copy, session))
      await pool()`select pg_terminate_backend(pid) from pg_stat_activity where query like '%cut_off%' and pid <> pg_backend_pid()`
    return "whole"
  }
  expect((await read().catch((error) => error)).code).toBe("CONNECTION_CLOSED")
  await session.end({ timeout: 1 })
})
