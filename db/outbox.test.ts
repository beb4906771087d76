import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { validate, version } from "uuid"
import { PayloadError } from "../lib/errors.ts"
import { email } from "../lib/jobs/email.ts"
import { claimRun, enqueueIn, markRelayed, OUTBOX_CHANNEL, takeFromOutbox } from "./outbox.ts"
import { findInOutbox } from "./outbox-runs.ts"
import { directSession, pool } from "./pool.ts"

const mail = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } } as const
const waiting = () => pool().begin((tx) => takeFromOutbox(1_000, tx))
const ids = async () => (await waiting()).map(({ id }) => id)
const ask = (options = {}) => pool().begin((tx) => enqueueIn(tx, email, mail, options))

beforeEach(() => pool()`truncate outbox`.then(() => undefined))
afterEach(() => pool()`truncate outbox`.then(() => undefined))

describe("a run asked for in a transaction", () => {
  test("is in the outbox once that is committed, checked and in canonical form", async () => {
    const id = await pool().begin(async (tx) => {
      const id = await enqueueIn(tx, email, mail, { delay: 50 }, { askedBy: "shop" })
      expect(await ids()).toEqual([])
      return id
    })
    const [row] = await waiting()
    expect(row).toMatchObject({ id, queue: "email", name: "email", isPrepared: true })
    expect(JSON.parse(row!.data)).toEqual({
      to: ["ana@example.com"],
      template: "welcome",
      data: { userName: "Ana" },
      locale: "pt-BR",
    })
    expect(JSON.parse(row!.options)).toEqual({ priority: 5, delay: 50, askedBy: "shop" })
    expect(Math.abs(row!.askedAt - Date.now())).toBeLessThan(5_000)
  })

  test("is not when that is rolled back", async () => {
    await pool()
      .begin(async (tx) => {
        await enqueueIn(tx, email, mail)
        throw new Error("changed my mind")
      })
      .catch(() => "rolled back")
    expect(await ids()).toEqual([])
  })

  test("is refused like any other, which ends the transaction only if that is wished", async () => {
    const id = await pool().begin(async (tx) => {
      await expect(enqueueIn(tx, email, { ...mail, to: "nobody" } as never)).rejects.toBeInstanceOf(
        PayloadError,
      )
      return await enqueueIn(tx, email, mail)
    })
    expect(await ids()).toEqual([id])
  })

  test("is heard of at the commit, and not before", async () => {
    const heard: number[] = []
    const listener = directSession()
    await listener.listen(OUTBOX_CHANNEL, () => void heard.push(performance.now()))
    const committedAt = await pool().begin(async (tx) => {
      await enqueueIn(tx, email, mail)
      await enqueueIn(tx, email, mail)
      // A round trip on the same server, that what was said too early would have overtaken.
      await pool()`select pg_sleep(0.05)`
      return performance.now()
    })
    while (heard.length === 0) await Bun.sleep(5)
    expect(heard).toHaveLength(1)
    expect(heard[0]).toBeGreaterThanOrEqual(committedAt)
    await listener.end()
  })
})

describe("enqueue_job", () => {
  test("asks for a run in SQL, whose id is a UUIDv7 of now", async () => {
    const [row] = await pool()<{ id: string }[]>`
      select enqueue_job('email', '{"to": "ana@example.com"}', '{"priority": "high"}') as id
    `
    expect(validate(row!.id) && version(row!.id)).toBe(7)
    expect(Math.abs(Number.parseInt(row!.id.replaceAll("-", "").slice(0, 12), 16) - Date.now())).toBeLessThan(
      5_000,
    )
    expect(await waiting()).toMatchObject([
      { id: row!.id, queue: "email", name: null, isPrepared: false, options: '{"priority": "high"}' },
    ])
  })

  test("takes no options for none, and refuses what is none", async () => {
    await pool()`select enqueue_job('email', '{}'), enqueue_job('email', '{}', null)`
    expect((await waiting()).map(({ options }) => options)).toEqual(["{}", "{}"])
    await expect(pool()`select enqueue_job('email', '{}', '[]')`.execute()).rejects.toThrow("options")
  })

  test("is called by those as well whose own schema is another", async () => {
    await pool().begin(async (tx) => {
      await tx`set local search_path = pg_catalog`
      await tx`select public.enqueue_job('email', '{}')`
    })
    expect(await ids()).toHaveLength(1)
  })

  test("asks for nothing when its transaction is rolled back", async () => {
    await pool()
      .begin(async (tx) => {
        await tx`select enqueue_job('email', '{}')`
        throw new Error("changed my mind")
      })
      .catch(() => "rolled back")
    expect(await ids()).toEqual([])
  })
})

describe("a relayed run", () => {
  const tokens = [crypto.randomUUID(), crypto.randomUUID()] as const

  test("leaves nothing personal behind, and waits no longer", async () => {
    const id = await ask()
    await markRelayed([{ id }], pool())
    expect(await ids()).toEqual([])
    const [row] = await pool()`select data, options::text as options from outbox where id = ${id}`
    expect(row).toEqual({ data: null, options: "{}" })
    expect(await findInOutbox(email, id)).toEqual({ isRelayed: true, became: null })
  })

  test("is claimed by one entry in Redis, as often as that is tried", async () => {
    const id = await ask()
    await markRelayed([{ id }], pool())
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, turn) => claimRun(id, tokens[turn % 2 ? 1 : 0])),
    )
    const first = claims[0]
    expect(claims).toEqual(claims.map((_, turn) => (turn % 2 ? !first : first)!))
    expect(await claimRun(id, tokens[first ? 0 : 1])).toBe(true)
    expect(await claimRun(id, tokens[first ? 1 : 0])).toBe(false)
  })

  test("is not claimed once the ledger has it as completed, and is when its row is gone", async () => {
    const id = await ask()
    await pool()`
      insert into runs (id, queue, name, status, priority, payload, attempts, asked_at, finished_at)
      values (${id}, 'email', 'email', 'completed', 5, '{}', 1, now(), now())
    `
    expect(await claimRun(id, tokens[0])).toBe(false)
    await pool()`delete from outbox where id = ${id}`
    expect(await claimRun(id, tokens[0])).toBe(true)
  })
})

test("two relays never have the same row", async () => {
  const asked = await Promise.all(Array.from({ length: 6 }, () => ask()))
  await pool().begin(async (one) => {
    const first = await takeFromOutbox(3, one)
    const rest = await pool().begin((other) => takeFromOutbox(10, other))
    expect([...first, ...rest].map(({ id }) => id).sort()).toEqual(asked.sort())
    expect(first).toHaveLength(3)
  })
})
