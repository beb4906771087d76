import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import postgres from "postgres"
import { createTestDatabase } from "../testing.ts"
import { listLeftOut } from "./left-out.ts"
import type { Statement } from "./statement.ts"
import { listStatements, statementsOf } from "./statements.ts"
import { listTables } from "./tables.ts"

const zoo = await readFile(new URL("../../sandbox/zoo/zoo.sql", import.meta.url), "utf8")

const undo: (() => Promise<unknown>)[] = []
let there: postgres.Sql
let made: Statement[]
let migrated: Statement[]

beforeAll(async () => {
  there = await database()
  migrated = await read(there)
  await there.unsafe(zoo).simple()
  made = await read(there)
})
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

/** A fresh database, migrated or empty. */
async function database(empty = false) {
  const { url, drop } = await createTestDatabase(process.env.DATABASE_URL!)
  const sql = postgres(url, { max: 1, onnotice: () => undefined, transform: postgres.camel })
  undo.push(drop, () => sql.end())
  if (empty) await sql.unsafe("drop schema public cascade; create schema public").simple()
  return sql
}

const read = (sql: postgres.Sql) =>
  sql.begin(async (tx) => {
    await tx`set local search_path = ''`
    return await listStatements(tx)
  }) as Promise<Statement[]>

async function make(statements: Statement[], sql: postgres.Sql) {
  await sql`set check_function_bodies = off`
  for (const { sql: statement } of statements) await sql.unsafe(statement).simple()
}

const textsOf = (statements: Statement[]) => statements.map(({ sql }) => sql).sort()

test("make the schema of a zoo again, the same in every statement", async () => {
  const other = await database(true)
  await make(made, other)
  expect(textsOf(await read(other))).toEqual(textsOf(made))
  expect(made.length).toBeGreaterThan(migrated.length + 90)
})

test("make the schema of the migrations again", async () => {
  const other = await database(true)
  await make(migrated, other)
  expect(textsOf(await read(other))).toEqual(textsOf(migrated))
})

test("come in an order in which each has what it needs, and those before the rows need none of those after", () => {
  const seen = new Set<string>()
  for (const { id, needs, when } of made) {
    for (const needed of needs) {
      expect(seen).toContain(needed)
      if (when === "before") expect(made.find(({ id }) => id === needed)!.when).toBe("before")
    }
    seen.add(id)
  }
})

test("are the same however often they are read", async () => {
  expect(await read(there)).toEqual(made)
})

test("of some tables make these alone, with what they need, and the foreign keys between them", async () => {
  const other = await database(true)
  await make(statementsOf(new Set(["public.parted", ...partitions, "public.refs_parted"]), made), other)
  const tables =
    await other`select relname from pg_class where relkind in ('r', 'p', 'v') and relnamespace = 'public'::regnamespace`
  expect(tables.map(({ relname }) => relname).sort()).toEqual(
    ["parted", ...partitions.map((name) => name.slice("public.".length)), "refs_parted"].sort(),
  )
  const [{ count }] = await other<
    [{ count: number }]
  >`select count(*)::int from pg_constraint where contype = 'f' and conparentid = 0`
  expect(count).toBe(1)
})

test("a column that takes no null any longer, and holds some, is made so that it takes them in", async () => {
  const first = await database()
  await first
    .unsafe(`
    create table half (a int, b int not null, unique (a));
    insert into half values (null, 1), (2, 2);
    alter table half add constraint no_more not null a not valid;
  `)
    .simple()
  const statements = statementsOf(new Set(["public.half"]), await read(first))
  expect((await listTables(first)).find(({ name }) => name === "half")!.key).toBeNull()
  const other = await database(true)
  await make(
    statements.filter(({ when }) => when === "before"),
    other,
  )
  await other`insert into half values (null, 1), (2, 2)`
  await make(
    statements.filter(({ when }) => when === "after"),
    other,
  )
  await expect(other`insert into half values (null, 3)`.execute()).rejects.toThrow("null value")
  expect(textsOf(statementsOf(new Set(["public.half"]), await read(other)))).toEqual(textsOf(statements))
})

test("are not written for everything: what is left out is told", async () => {
  expect(await listLeftOut(there)).toEqual([])
  const undone = there.begin(async (tx) => {
    await tx
      .unsafe(`
      create aggregate together(text) (sfunc = textcat, stype = text);
      create publication told;
      select lo_create(0);
    `)
      .simple()
    expect(await listLeftOut(tx)).toEqual(["aggregate together", "large objects", "publication told"])
    throw new Error("undone")
  })
  await expect(undone).rejects.toThrow("undone")
})

const partitions = ["1", "2", "default", "sub", "sub_a", "sub_d"].map((part) => `public.parted_${part}`)
