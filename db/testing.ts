import { randomUUID } from "node:crypto"
import postgres from "postgres"
import { digestOf } from "../lib/digest.ts"
import { migrate, readMigrations } from "./migrate.ts"
import { closePool, pool } from "./pool.ts"

/** A fresh, migrated database on this server: a copy of a template that is migrated once. Drop it. */
export async function createTestDatabase(server: string) {
  const at = (database: string) => Object.assign(new URL(server), { pathname: `/${database}` }).href
  const admin = postgres(server, { max: 1, onnotice: () => undefined })

  await admin`select pg_advisory_lock(hashtext('esteira.template'))`
  const template = await templateOn(admin, at)
  const name = `esteira_test_${randomUUID().replaceAll("-", "")}`
  // Its files as they are: written to the log page by page, as is usual, they take twice the time.
  await admin`create database ${admin(name)} template ${admin(template)} strategy file_copy`
  await admin`select pg_advisory_unlock(hashtext('esteira.template'))`

  return {
    url: at(name),
    async drop() {
      await admin`drop database ${admin(name)} with (force)`
      await admin.end()
    },
  }
}

/** The template of these very migrations, made if there is none: it has its name once it is complete. */
async function templateOn(admin: postgres.Sql, at: (database: string) => string) {
  const template = `esteira_template_${digestOf((await readMigrations()).join("")).slice(0, 16)}`
  const [exists] = await admin`select from pg_database where datname = ${template}`
  if (exists) return template
  const unfinished = `${template}_new`
  await admin`drop database if exists ${admin(unfinished)}`
  await admin`create database ${admin(unfinished)}`
  const session = postgres(at(unfinished), { max: 1, onnotice: () => undefined })
  await migrate(session).finally(() => session.end())
  await admin`alter database ${admin(unfinished)} rename to ${admin(template)}`
  return template
}

/** Have this process, and those it starts, use a database of their own, as fresh; what is returned brings the one before back. */
export async function moveToOwnDatabase(): Promise<() => Promise<void>> {
  const before = process.env.DATABASE_URL!
  const database = await createTestDatabase(Object.assign(new URL(before), { pathname: "/postgres" }).href)
  await closePool()
  process.env.DATABASE_URL = database.url
  return async () => {
    await closePool()
    process.env.DATABASE_URL = before
    await database.drop()
  }
}

/** Have no markets, products and prices, nor anything that is known of them; ids begin at 1. */
export const emptyPrices = () =>
  pool()`truncate markets, products, prices, price_syncs, unmatched_stores restart identity cascade`
