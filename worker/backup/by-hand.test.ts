import { beforeAll, expect, test } from "bun:test"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { generateIdentity, identityToRecipient } from "age-encryption"
import { pool } from "../../db/pool.ts"
import { readManifest } from "../../lib/backups/store.ts"
import { installedTools } from "../../sandbox/postgres/installed.ts"
import { startPostgres } from "../../sandbox/postgres/server.ts"
import { mustRun, run } from "../../sandbox/process/run.ts"
import { required } from "../../sandbox/required.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { backupStorage } from "./storage.ts"
import { ask, back, emptyDatabase, restored, rowsIn, useOwnStorage, useOwnWorld } from "./testing.ts"

useOwnWorld()

const zoo = await readFile(new URL("../../sandbox/zoo/zoo.sql", import.meta.url), "utf8")
const tools = installedTools()
const age = Bun.which("age")
const byHand = required("The age and zstd commands", age && Bun.which("zstd")) && tools

let folder: string

beforeAll(async () => {
  folder = await useOwnStorage()
  await pool().unsafe(zoo).simple()
})

const TABLES = [
  "zoo",
  '"Odd Schema"."Weird ""Table"',
  "serial_old",
  "no_key",
  "no_columns",
  "parted",
  "child",
  "mv",
  "migrations",
]

test.skipIf(!byHand)("a backup is restored with age, zstd and psql alone", async () => {
  const identity = await generateIdentity()
  process.env.BACKUP_RECIPIENTS = await identityToRecipient(identity)
  const { backupId, encrypted } = await back({ type: "full" })
  delete process.env.BACKUP_RECIPIENTS
  expect(encrypted).toBe(true)
  const { schema, tables } = (await readManifest(backupId, backupStorage()))!
  const key = join(await temporaryFolder(), "key.txt")
  await writeFile(key, `${identity}\n`, { mode: 0o600 })
  const url = await emptyDatabase()
  const psql = async (part: string, command = "-f -") => {
    const path = join(folder, "backups", backupId, part)
    const pipe = `${age} -d -i ${key} '${path}' | zstd -dq | ${tools!.psql} '${url}' -q -v ON_ERROR_STOP=1 ${command}`
    await mustRun("bash", ["-c", `set -o pipefail; ${pipe}`])
  }
  await psql(schema.before)
  for (const { parts, copy } of tables)
    for (const part of parts) await psql(part, `-c '${copy.replaceAll("'", "'\\''")}'`)
  await psql(schema.after)
  // With no number given twice.
  const drawn = (at: string) => ask(at, (sql) => sql`insert into zoo (small) values (1) returning id, n`)
  const [next] = await drawn(url)
  expect([next]).toEqual([...(await drawn(process.env.DATABASE_URL!))])
  for (const at of [url, process.env.DATABASE_URL!])
    await ask(at, (sql) => sql`delete from zoo where id = ${next!.id}`)
  expect(await rowsIn(url, TABLES)).toEqual(await rowsIn(process.env.DATABASE_URL!, TABLES))
})

test.skipIf(!tools)(
  "pg_dump writes the same of a restored database as of the first, on another version too",
  async () => {
    const server = await startPostgres({
      dataDir: join(await temporaryFolder(), "other"),
      durable: false,
      programs: tools!.server,
    })
    const before = process.env.DATABASE_URL!
    const url = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href
    try {
      await ask(server.url, async (sql) => {
        for (const name of ["first", "second"]) await sql.unsafe(`create database ${name} template template0`)
      })
      await ask(url("first"), (sql) =>
        sql.unsafe(zoo.replace(/^create function half_named.*$/m, "")).simple(),
      )
      // The register is in the database of the tests, and what is backed up in another.
      process.env.DIRECT_URL = url("first")
      const { backupId } = await back({ type: "full" })
      await restored(backupId, { into: url("second") })
      const dump = async (name: string) => {
        const { ok, output } = await run(tools!.pgDump, ["--schema-only", url(name)])
        expect(ok).toBe(true)
        return output.replaceAll(/^\\(?:un)?restrict .*$/gm, "")
      }
      const first = await dump("first")
      expect(first).toContain("CREATE TABLE public.zoo")
      expect(await dump("second")).toBe(first)
      expect(await rowsIn(url("second"), TABLES.slice(0, -1))).toEqual(
        await rowsIn(url("first"), TABLES.slice(0, -1)),
      )
    } finally {
      delete process.env.DIRECT_URL
      process.env.DATABASE_URL = before
      await server.stop()
    }
  },
)
