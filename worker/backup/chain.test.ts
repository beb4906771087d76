import { beforeEach, expect, test } from "bun:test"
import fc from "fast-check"
import postgres from "postgres"
import { pool } from "../../db/pool.ts"
import { readManifest } from "../../lib/backups/store.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { until } from "../../sandbox/until.ts"
import { ask, back, restored, rowsIn, useOwnWorld } from "./testing.ts"

useOwnWorld()

const TABLES = ["item", "pair", "loose", "moving"]
const KEYS = 12

const SCHEMA = `
  drop table if exists item, pair, loose, moving;
  create table item (id int primary key, txt text, twice int generated always as (id * 2) stored);
  create table pair (a int, b text not null, n numeric not null, v text, primary key (a, b));
  create table loose (a int, b text);
  create table moving (id int not null, place int not null, v text, unique (id, place)) partition by list (place);
  create table moving_0 partition of moving for values in (0);
  create table moving_1 partition of moving for values in (1);
  truncate backups;
`

beforeEach(async () => {
  await pool().unsafe(SCHEMA).simple()
})

const key = fc.integer({ min: 0, max: KEYS - 1 })
const text = fc.oneof(
  fc.constant(null),
  fc.constant(""),
  fc.string({ maxLength: 4 }).map((it) => it.replaceAll("\0", "")),
)
const table = fc.constantFrom(...TABLES)
const change = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("insert" as const), table, key, text }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("update" as const), table, key, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("move" as const), table, key, to: key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), table, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("truncate" as const), table }) },
)
/** Of a transaction that stays open while others come and go, in a savepoint or not. */
const long = fc.oneof(
  fc.record({ do: fc.constant("begin" as const) }),
  fc.record({ do: fc.constant("within" as const), change, savepoint: fc.boolean() }),
  fc.record({ do: fc.constantFrom("commit" as const, "rollback" as const) }),
)
const step = fc.oneof(
  { weight: 8, arbitrary: change },
  { weight: 5, arbitrary: long },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("backup" as const, "vacuum" as const) }) },
)

type Change = typeof change extends fc.Arbitrary<infer It> ? It : never

function statementOf(it: Change): [string, (string | number | null)[]] {
  const place = it.table === "moving" ? ("key" in it ? it.key : 0) % 2 : 0
  switch (it.do) {
    case "truncate":
      return [`truncate ${it.table}`, []]
    case "delete":
      return [`delete from ${it.table} where ${idOf(it.table)} = $1`, [it.key]]
    case "move":
      return it.table === "moving"
        ? ["update moving set place = 1 - place where id = $1", [it.key]]
        : [`update ${it.table} set ${idOf(it.table)} = $2 where ${idOf(it.table)} = $1`, [it.key, it.to]]
    case "update":
      return [
        `update ${it.table} set ${textOf(it.table)} = $2 where ${idOf(it.table)} = $1`,
        [it.key, it.text],
      ]
    default:
      if (it.table === "item") return ["insert into item values ($1, $2)", [it.key, it.text]]
      if (it.table === "pair")
        return ["insert into pair values ($1, $2, 1.50, 'v')", [it.key, it.text ?? "\\N"]]
      if (it.table === "loose") return ["insert into loose values ($1, $2)", [it.key, it.text]]
      return ["insert into moving values ($1, $2, $3)", [it.key, place, it.text]]
  }
}

const idOf = (table: string) => (table === "item" || table === "moving" ? "id" : "a")
const textOf = (table: string) => (table === "item" ? "txt" : table === "loose" ? "b" : "v")

/** What may well be refused: a key that is there, or a lock that another holds. */
async function attempt(sql: postgres.Sql, statement: string, values: (string | number | null)[] = []) {
  try {
    await sql.unsafe(statement, values)
  } catch (error) {
    if (!["23505", "55P03", "40P01", "25P02"].includes((error as { code: string }).code)) throw error
  }
}

test("a chain restores to exactly what was there at each of its backups", async () => {
  const history = fc.array(step, { minLength: 12, maxLength: 40 })
  let incremental = 0
  let deltas = 0
  const property = fc.asyncProperty(history, async (steps) => {
    await pool().unsafe(SCHEMA).simple()
    const open = () => postgres(process.env.DATABASE_URL!, { max: 1, onnotice: () => undefined })
    const [sql, other] = [open(), open()]
    let isOpen = false
    const backUp = async () => {
      const { backupId, type } = await back({ type: "incremental", tables: TABLES })
      if (type === "incremental") incremental += 1
      const { tables } = (await readManifest(backupId, backupStorage()))!
      deltas += tables.filter(({ mode }) => mode === "delta").length
      expect(await rowsIn(await restored(backupId), TABLES)).toEqual(
        await rowsIn(process.env.DATABASE_URL!, TABLES),
      )
    }
    try {
      for (const it of [sql, other]) await it`set lock_timeout = '30ms'`
      await backUp()
      for (const it of steps) {
        if ("table" in it) await attempt(sql, ...statementOf(it))
        else if (it.do === "backup") await backUp()
        else if (it.do === "vacuum")
          await attempt(sql, "vacuum (freeze, skip_locked) item, pair, loose, moving")
        else if (it.do === "begin") {
          if (!isOpen) await other.unsafe("begin")
          isOpen = true
        } else if (it.do === "commit" || it.do === "rollback") {
          if (isOpen) await other.unsafe(it.do)
          isOpen = false
        } else if (it.do === "within") {
          // A transaction holds the lock of a TRUNCATE until it ends, and a backup would wait for it.
          if (!isOpen || it.change.do === "truncate") continue
          await other.unsafe("savepoint s")
          await attempt(other, ...statementOf(it.change)).finally(() => undefined)
          // One that has failed goes on before it; one that has not keeps its own id.
          await other
            .unsafe(it.savepoint ? "release savepoint s" : "savepoint t")
            .catch(() => other.unsafe("rollback to savepoint s"))
        }
      }
      await backUp()
    } finally {
      await Promise.all([sql.end({ timeout: 0 }), other.end({ timeout: 0 })])
    }
  })
  await fc.assert(property, { numRuns: Number(process.env.RUNS ?? 12) })
  // Of what this is about there has been enough.
  expect(incremental).toBeGreaterThan(12)
  expect(deltas).toBeGreaterThan(12)
}, 600_000)

test("a row that was written before a backup, in a savepoint, and committed after it is in the next one", async () => {
  const sql = postgres(process.env.DATABASE_URL!, { max: 1, onnotice: () => undefined })
  const full = { type: "full" as const, tables: TABLES }
  await sql
    .unsafe(
      "begin; insert into item values (1, 'before'); savepoint s; insert into item values (2, 'in it'); release savepoint s",
    )
    .simple()
  // Ids that come later, and are over at once: what is under way is not told by the highest id.
  for (let id = 10; id < 14; id++) await pool()`insert into item (id) values (${id})`
  const first = await back(full)
  expect((await rowsIn(await restored(first.backupId), ["item"])).item).toHaveLength(4)
  await sql`commit`
  const next = await back({ type: "incremental", tables: TABLES })
  expect(next).toMatchObject({ type: "incremental", previousId: first.backupId })
  const { item } = await rowsIn(await restored(next.backupId), ["item"])
  expect(item).toHaveLength(6)
  await sql.end()
})

test("what has not changed is not read again, and takes no room", async () => {
  await pool()`insert into item select n, repeat('x', 100) from generate_series(100, 2000) as n`
  // Of other databases as well: rows count as changed that came after the oldest transaction under way.
  const [{ mine }] = await pool()<[{ mine: string }]>`select pg_current_xact_id()::text as mine`
  const isOldest = async () => {
    const [{ oldest }] = await pool()<[{ oldest: string }]>`
      select pg_snapshot_xmin(pg_current_snapshot())::text as oldest
    `
    return BigInt(oldest) > BigInt(mine)
  }
  expect(await until(isOldest, 60_000)).toBe(true)
  const full = await back({ type: "full", tables: TABLES })
  await pool()`update pair set v = 'w'`
  await pool()`insert into pair values (1, 'b', 1, 'v')`
  const next = await back({ type: "incremental", tables: TABLES })
  expect(next.rows).toBe(1)
  expect(next.rawBytes).toBeLessThan(full.rawBytes / 2)
  const { tables } = (await readManifest(next.backupId, backupStorage()))!
  expect(tables.map(({ name, mode }) => `${name} ${mode}`).sort()).toEqual([
    "item same",
    "loose same",
    "moving_0 same",
    "moving_1 same",
    "pair delta",
  ])
})

test("a change of the schema begins a new chain, and says so", async () => {
  const full = await back({ type: "full", tables: TABLES })
  expect(await back({ type: "incremental", tables: TABLES })).toMatchObject({ previousId: full.backupId })
  await pool()`alter table item add column more int not null default 7`
  const anew = await back({ type: "incremental", tables: TABLES })
  expect(anew).toMatchObject({
    type: "full",
    previousId: null,
    reason: "the schema has changed since the last backup",
  })
  const url = await restored(anew.backupId)
  expect(await rowsIn(url, TABLES)).toEqual(await rowsIn(process.env.DATABASE_URL!, TABLES))
})

test("there is nothing to go on from for other tables, in another database, or upon a damaged backup", async () => {
  const none = { type: "full", reason: "there is no backup to go on from" }
  expect(await back({ type: "incremental", tables: ["item"] })).toMatchObject(none)
  const pair = await back({ type: "full", tables: ["pair"] })
  expect(await back({ type: "incremental", tables: ["item", "pair"] })).toMatchObject(none)
  const url = await restored(pair.backupId)
  expect(await ask(url, (sql) => sql`select 1`)).toHaveLength(1)
  await pool()`update backups set status = 'damaged', error = 'x' where id = ${pair.backupId}`
  expect(await back({ type: "incremental", tables: ["pair"] })).toMatchObject(none)
})
