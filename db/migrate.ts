import { readdir, readFile } from "node:fs/promises"
import type postgres from "postgres"
import { ConfigurationError } from "../lib/errors.ts"
import { isDatabaseAway } from "./errors.ts"
import { directSession } from "./pool.ts"

const folder = new URL("./migrations/", import.meta.url)

/**
 * Apply what has not been applied, oldest first, a transaction each, and return the names.
 * `session` is one connection without a pooler: the lock that keeps a second migrator out belongs to it.
 */
export async function migrate(session: postgres.Sql): Promise<string[]> {
  await session`select pg_advisory_lock(hashtext('esteira.migrate'))`
  try {
    await session`
      create table if not exists migrations (
        name text primary key,
        applied_at timestamptz not null default now()
      )
    `
    const applied = new Set(
      (await session<{ name: string }[]>`select name from migrations`).map(({ name }) => name),
    )
    const pending = (await migrationNames()).filter((name) => !applied.has(name))
    for (const name of pending) await apply(name, session)
    return pending
  } finally {
    await session`select pg_advisory_unlock(hashtext('esteira.migrate'))`
  }
}

/** Migrate the database that the environment names. Throws a ConfigurationError when it cannot be used. */
export async function migrateConfigured(): Promise<string[]> {
  const session = directSession()
  try {
    return await migrate(session)
  } catch (error) {
    if (!isDatabaseAway(error) && !isRefused(error)) throw error
    throw new ConfigurationError(
      `the database of DIRECT_URL or DATABASE_URL cannot be used: ${(error as Error).message}`,
    )
  } finally {
    await session.end({ timeout: 1 })
  }
}

/** What all migrations say, oldest first. */
export const readMigrations = async () => Promise.all((await migrationNames()).map(textOf))

/** SQLSTATE classes of who may not enter (28), and of a database that is not there (3D). */
const isRefused = (error: unknown) => /^(?:28|3D)/.test(String((error as { code?: unknown }).code))

const migrationNames = async () => (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort()

const textOf = (name: string) => readFile(new URL(name, folder), "utf8")

async function apply(name: string, session: postgres.Sql) {
  const statements = await textOf(name)
  await session.begin(async (tx) => {
    await tx.unsafe(statements).simple()
    await tx`insert into migrations (name) values (${name})`
  })
}
