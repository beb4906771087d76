import { afterAll, beforeAll } from "bun:test"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import postgres from "postgres"
import { closePool } from "../../db/pool.ts"
import { createTestDatabase } from "../../db/testing.ts"
import type { backup } from "../../lib/jobs/backup.ts"
import type { JobPayload, JobResult } from "../../lib/jobs/index.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { restoreBackup } from "../restore/restore.ts"
import type { Run } from "../run.ts"
import { perform, testRun } from "../testing.ts"

type Payload = JobPayload<typeof backup>
type Results = JobResult<typeof backup>

/** Of a union, what is of this type; `full` and `incremental` are of one. */
type Of<Union extends { type: string }, Type> = Union extends { type: infer Types }
  ? Type extends Types
    ? Union
    : never
  : never

const undo: (() => Promise<unknown>)[] = []

/** Have the tests of a file run against a database and a storage of their own. */
export function useOwnWorld() {
  const before = { DATABASE_URL: process.env.DATABASE_URL!, STORAGE_URL: process.env.STORAGE_URL! }
  beforeAll(async () => {
    const database = await createTestDatabase(before.DATABASE_URL)
    await closePool()
    process.env.DATABASE_URL = database.url
    await useOwnStorage()
    undo.push(database.drop)
  })
  afterAll(async () => {
    await closePool()
    Object.assign(process.env, before)
    await dropDatabases()
  })
}

/** Drop the databases that were made for tests; their server has to be there yet. */
export async function dropDatabases() {
  for (const step of undo.splice(0).reverse()) await step()
}

/** Have what is stored from here on stored elsewhere. Returns the folder. */
export async function useOwnStorage(): Promise<string> {
  const folder = join(await temporaryFolder(), "storage")
  process.env.STORAGE_URL = pathToFileURL(folder).href
  return folder
}

/** A run of `backup`, here and now; its result, as each kind has it. */
export const back = async <Type extends Payload["type"]>(
  payload: { type: Type } & Partial<Of<Payload, Type>>,
  run: Run = testRun(),
) => (await perform("backup", payload as never, run)) as Of<Results, Type>

/** An empty database; it is dropped in the end. */
export async function emptyDatabase(): Promise<string> {
  const name = `esteira_empty_${crypto.randomUUID().replaceAll("-", "")}`
  const admin = postgres(process.env.DATABASE_URL!, { max: 1, onnotice: () => undefined })
  await admin`create database ${admin(name)} template template0 strategy file_copy`
  undo.push(async () => {
    await admin`drop database if exists ${admin(name)} with (force)`
    await admin.end()
  })
  return Object.assign(new URL(process.env.DATABASE_URL!), { pathname: `/${name}` }).href
}

/** Restore a backup into an empty database, or this one. Returns where it is. */
export async function restored(id: string, more: Partial<Parameters<typeof restoreBackup>[1]> = {}) {
  const into = more.into ?? (await emptyDatabase())
  await restoreBackup(id, { storage: backupStorage(), signal: new AbortController().signal, ...more, into })
  return into
}

/** Ask a database something. */
export async function ask<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined, prepare: false })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

/** Every row of these tables, as text and in order; a row of a partition with the partition that it is in. */
export const rowsIn = (url: string, tables: readonly string[]) =>
  ask(url, async (sql) => {
    await sql.unsafe("set timezone = 'UTC'; set extra_float_digits = 1").simple()
    const rows: Record<string, string[]> = {}
    for (const table of tables)
      rows[table] = (
        await sql.unsafe(
          `select tableoid::regclass || ' ' || t::text as row from ${table} as t order by (tableoid::regclass || ' ' || t::text) collate "C"`,
        )
      ).map(({ row }) => row as string)
    return rows
  })
