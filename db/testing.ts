import { randomUUID } from "node:crypto"
import postgres from "postgres"
import { migrate } from "./migrate.ts"
import { closePool, pool } from "./pool.ts"

const TEMPLATE = "esteira_template"

/** A fresh, migrated database on this server: a copy of a template that is migrated once. Drop it. */
export async function createTestDatabase(server: string) {
  const at = (database: string) => Object.assign(new URL(server), { pathname: `/${database}` }).href
  const admin = postgres(server, { max: 1, onnotice: () => undefined })

  await admin`select pg_advisory_lock(hashtext(${TEMPLATE}))`
  const [exists] = await admin`select 1 from pg_database where datname = ${TEMPLATE}`
  if (!exists) await admin`create database ${admin(TEMPLATE)}`
  const session = postgres(at(TEMPLATE), { max: 1, onnotice: () => undefined })
  await migrate(session).finally(() => session.end())

  const name = `esteira_test_${randomUUID().replaceAll("-", "")}`
  await admin`create database ${admin(name)} template ${admin(TEMPLATE)}`
  await admin`select pg_advisory_unlock(hashtext(${TEMPLATE}))`

  return {
    url: at(name),
    async drop() {
      await admin`drop database ${admin(name)} with (force)`
      await admin.end()
    },
  }
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
