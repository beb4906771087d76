import { beforeAll, beforeEach, expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import { generateIdentity, identityToRecipient } from "age-encryption"
import { pool } from "../../db/pool.ts"
import type { Manifest } from "../../lib/backups/manifest.ts"
import { readManifest } from "../../lib/backups/store.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { ask, back, emptyDatabase, restored, rowsIn, useOwnWorld } from "./testing.ts"

const zoo = await readFile(new URL("../../sandbox/zoo/zoo.sql", import.meta.url), "utf8")

const TABLES = [
  "zoo",
  '"Odd Schema"."Weird ""Table"',
  "serial_old",
  "no_key",
  "no_columns",
  "parted",
  "listed",
  "mother",
  "child",
  "hasty",
  "ident_parted",
  "mv",
  "markets",
  "migrations",
]

useOwnWorld()
beforeAll(async () => {
  await pool().unsafe(zoo).simple()
  await pool()`insert into markets (name, street, city, uf) values ('Açougue "Zé"', 'Rua \t1', 'Maringá', 'PR')`
})
beforeEach(() => {
  delete process.env.BACKUP_RECIPIENTS
  delete process.env.BACKUP_IDENTITY
})

const here = () => process.env.DATABASE_URL!
const manifestOf = async (id: string) => (await readManifest(id, backupStorage())) as Manifest
const expectSame = async (url: string, tables = TABLES) =>
  expect(await rowsIn(url, tables)).toEqual(await rowsIn(here(), tables))

test("a zoo comes back the same in every row, with what keeps its rows in order", async () => {
  const { backupId, ...result } = await back({ type: "full" })
  expect(result).toMatchObject({ type: "full", compressed: true, encrypted: false, previousId: null })
  const url = await restored(backupId)
  await expectSame(url)
  expect((await rowsIn(url, ["zoo"])).zoo).toHaveLength(50)

  await ask(url, async (sql) => {
    // Identities and sequences go on where they were, and not from where they began.
    const [drawn] = await sql`insert into zoo (small) values (1) returning id, n, doubled, shout`
    expect(drawn).toMatchObject({ id: 200n.toString(), n: 66, doubled: 4, shout: "HI" })
    await expect(sql`insert into zoo (small) values (-200)`.execute()).rejects.toThrow("odd check")
    await expect(sql`insert into serial_old (zoo_id) values (5)`.execute()).rejects.toThrow("foreign key")
    const [row] = await sql`insert into no_key values (7, 'x') returning b`
    expect(row!.b).toBe("x!")
    const [partition] = await sql`
      insert into parted values (9, '2026-03-20', 'k', 'n') returning tableoid::regclass::text as name
    `
    expect(partition!.name).toBe("parted_sub_d")
  })
})

test("says in its manifest what it is of, and how it was written", async () => {
  const { backupId } = await back({ type: "full", compress: false, description: "before the move" })
  const manifest = await manifestOf(backupId)
  expect(manifest).toMatchObject({
    kind: "full",
    chain: { base: backupId, previous: null, length: 1 },
    description: "before the move",
    compression: null,
    encryption: null,
    server: { version: expect.stringMatching(/^\d+/), snapshot: expect.stringMatching(/^\d+:\d+:/) },
    schema: { version: expect.stringMatching(/^\d{4}_.*\.sql$/), source: "catalogue", leftOut: [] },
  })
  expect(manifest.parts.every(({ key }) => !/zst|age/.test(key))).toBe(true)
  const zoo = manifest.tables.find(({ name }) => name === "zoo")!
  expect(zoo.columns).not.toContain("doubled")
  expect(zoo).toMatchObject({ schema: "public", key: ["id"], mode: "full", rows: 50 })
  const stored = await new Response(await backupStorage().get(`backups/${backupId}/${zoo.parts[0]}`)).text()
  expect(stored.split("\n")).toHaveLength(51)
  await expectSame(await restored(backupId))
})

test("is encrypted for its recipients, whom alone it tells its rows", async () => {
  const [mine, others] = [await generateIdentity(), await generateIdentity()]
  process.env.BACKUP_RECIPIENTS = await identityToRecipient(mine)
  const { backupId, encrypted } = await back({ type: "full" })
  expect(encrypted).toBe(true)
  expect(await manifestOf(backupId)).toMatchObject({ encryption: { format: "age", recipients: 1 } })
  for await (const { key } of backupStorage().list(`backups/${backupId}/`)) {
    const bytes = new Uint8Array(await new Response(await backupStorage().get(key)).arrayBuffer())
    const text = new TextDecoder("latin1").decode(bytes)
    if (key.endsWith("manifest.json")) expect(text).not.toContain("CiText")
    else expect(text).toStartWith("age-encryption.org/v1\n")
  }

  await expect(restored(backupId)).rejects.toThrow("BACKUP_IDENTITY, which opens it, is not set")
  process.env.BACKUP_IDENTITY = others
  await expect(restored(backupId)).rejects.toThrow("BACKUP_IDENTITY does not open the backup")
  process.env.BACKUP_IDENTITY = `${others}\n${mine}`
  await expectSame(await restored(backupId))

  const open = await back({ type: "full", encrypt: false })
  expect(open.encrypted).toBe(false)
})

test("is not made when it is to be encrypted and there is nobody to open it", async () => {
  await expect(back({ type: "full", encrypt: true })).rejects.toThrow("set BACKUP_RECIPIENTS")
})

test("of some tables, brings these and their partitions, and nothing else", async () => {
  const { backupId, tables } = await back({
    type: "full",
    tables: ["parted", 'Odd Schema.Weird "Table', "markets"],
  })
  expect(tables).toBe(7)
  const url = await restored(backupId)
  await expectSame(url, ["parted", '"Odd Schema"."Weird ""Table"', "markets"])
  const [{ count }] = await ask(
    url,
    (sql) => sql<[{ count: number }]>`
    select count(*)::int from pg_class where relkind in ('r', 'v', 'm') and relname in ('zoo', 'runs', 'v1', 'mv')
  `,
  )
  expect(count).toBe(0)
  await expect(back({ type: "full", tables: ["parted", "producst"] })).rejects.toThrow(
    /There is no table public\.producst: the tables are .*parted/,
  )
})

test("is restored a table at a time, beside what is there, and in its place when that is said", async () => {
  const { backupId } = await back({ type: "full" })
  const url = await restored(backupId, { tables: ["no_key"] })
  await expectSame(url, ["no_key"])
  await restored(backupId, { tables: ["parted", "refs_parted"], into: url })
  await expectSame(url, ["no_key", "parted"])

  await expect(restored(backupId, { tables: ["parted"], into: url })).rejects.toThrow("say --replace")
  // What others refer to is not dropped with them.
  await expect(restored(backupId, { tables: ["parted"], into: url, replace: true })).rejects.toThrow(
    "other objects depend",
  )
  await ask(url, (sql) => sql`delete from no_key`)
  await restored(backupId, { tables: ["no_key"], into: url, replace: true })
  await expectSame(url, ["no_key", "parted"])
  await expect(restored(backupId, { tables: ["nothing"], into: url })).rejects.toThrow(
    "has no table public.nothing",
  )
})

test("refuses a database that is not empty, and leaves it as it is, unless it is told to replace it", async () => {
  const { backupId } = await back({ type: "full" })
  const url = await emptyDatabase()
  await ask(url, (sql) => sql.unsafe("create table mine (a int); insert into mine values (1)").simple())
  await expect(restored(backupId, { into: url })).rejects.toThrow("is not empty: it has mine.")
  expect(await rowsIn(url, ["mine"])).toEqual({ mine: ["mine (1)"] })
  await restored(backupId, { into: url, replace: true })
  await expectSame(url)
  await expect(rowsIn(url, ["mine"])).rejects.toThrow("does not exist")
})
