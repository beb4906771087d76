import postgres from "postgres"
import { connectionUrl, count, defineEnv } from "../lib/env.ts"

const databaseEnv = defineEnv({
  DATABASE_URL: connectionUrl(/^postgres(ql)?$/).describe("PostgreSQL; may be a transaction pooler"),
  DATABASE_POOL: count
    .optional()
    .describe(
      "most connections in a process' pool; when not set, 10 in the API, and in a worker what its runs and schedules need: it takes no fewer",
    ),
})

const directEnv = defineEnv({
  DIRECT_URL: connectionUrl(/^postgres(ql)?$/)
    .optional()
    .describe("PostgreSQL without a pooler, for migrations and backups; `DATABASE_URL` when not set"),
})

/** What a query runs on: the pool, or a transaction. */
export type Db = postgres.Sql | postgres.TransactionSql

const options = {
  // A transaction pooler gives each transaction another session, and a prepared statement belongs to one.
  prepare: false,
  connect_timeout: 10,
  // Seconds. Whoever asks while PostgreSQL is away waits for the next try, which postgres.js puts off up to twenty.
  backoff: (tries: number) => Math.min(tries / 10, 1),
  idle_timeout: 60,
  max_lifetime: 1_800,
  transform: postgres.camel,
  onnotice: () => undefined,
  connection: { application_name: "esteira" },
  types: { bigint: { to: 20, from: [20], serialize: String, parse: safeInteger } },
} satisfies postgres.Options<{ bigint: postgres.PostgresType<number> }>

/** Connections beside the pool, so that what keeps account of runs, and what stops them, never waits for them. */
export const SIDE_CONNECTIONS = 3

/** Connections of a process that works on no queue. */
let wanted = 10

let opened: postgres.Sql | undefined
let beside: postgres.Sql | undefined

/** The pool of this process, opened at first use. */
export function pool(): postgres.Sql {
  opened ??= openPool(poolSize())
  return opened
}

/** A few connections for what is not a run's own work: the ledger, cancelling statements, pings. */
export function sidePool(): postgres.Sql {
  beside ??= openPool(SIDE_CONNECTIONS)
  return beside
}

/** Close both pools after what runs on them has ended, or after so many seconds. */
export async function closePool(seconds = 5) {
  const closing = [opened, beside].map((sql) => sql?.end({ timeout: seconds }))
  opened = undefined
  beside = undefined
  await Promise.all(closing)
}

/** Most connections the pool of runs will hold. Throws the sentence to show when there is no database to use. */
export const poolSize = () => databaseEnv().DATABASE_POOL ?? wanted

/** Have the pool hold so many connections, unless the environment says otherwise. To be said before its first use. */
export function sizePool(connections: number) {
  wanted = connections
}

/** Where PostgreSQL is without a pooler in between. */
export const directUrl = () => directEnv().DIRECT_URL ?? databaseEnv().DATABASE_URL

/** One session without a pooler in between: for locks, migrations and backups. Close it. */
export const directSession = (url = directUrl()) => postgres(ownPart(url), { ...options, max: 1 })

/** Throws unless PostgreSQL answers. */
export const pingDatabase = (db: Db = sidePool()) => db`select 1`

const openPool = (max: number): postgres.Sql =>
  postgres(ownPart(databaseEnv().DATABASE_URL), { ...options, max })

/** What hosts put into their URLs for other drivers; the server would refuse it as a setting it does not know. */
const FOR_OTHERS = [
  "channel_binding",
  "connection_limit",
  "gssencmode",
  "pgbouncer",
  "pool_timeout",
  "schema",
  "sslnegotiation",
]

function ownPart(given: string): string {
  const url = new URL(given)
  for (const name of FOR_OTHERS) url.searchParams.delete(name)
  return url.href
}

function safeInteger(text: string) {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  throw new RangeError(`${text} is too large for a number: select it as text`)
}
