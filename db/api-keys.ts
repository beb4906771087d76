import type { Scope } from "../lib/scopes.ts"
import { type Db, pool, sidePool } from "./pool.ts"

/** A key, without what would let anybody use it. */
export interface ApiKey {
  id: number
  name: string
  scopes: Scope[]
  /** Those it is limited to; null for all. */
  queues: string[] | null
  createdBy: string
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
  revokedBy: string | null
}

/** What a new key is to be; `digest` is that of the key. */
export type NewApiKey = Pick<ApiKey, "name" | "scopes" | "queues" | "createdBy" | "expiresAt"> & {
  digest: string
}

/** What is looked at to let somebody in. */
export type ValidApiKey = Pick<ApiKey, "id" | "name" | "scopes" | "queues" | "expiresAt"> & { digest: string }

/** Keys that may be valid at a time: each process has all of them at hand. */
export const MOST_KEYS = 1_000

const columns = (db: Db) => db`
  id, name, scopes, queues, created_by, created_at, expires_at, last_used_at, revoked_at, revoked_by
`

const isValid = (db: Db) => db`revoked_at is null and (expires_at is null or expires_at > now())`

/** Store a key; undefined when there are too many already. */
export async function insertApiKey(key: NewApiKey, db: Db = pool()): Promise<ApiKey | undefined> {
  const [stored] = await db<ApiKey[]>`
    insert into api_keys (name, digest, scopes, queues, created_by, expires_at)
    select ${key.name}, ${key.digest}, ${key.scopes}::text[], ${key.queues}::text[], ${key.createdBy},
      ${key.expiresAt}::timestamptz
    where (select count(*) from api_keys where ${isValid(db)}) < ${MOST_KEYS}
    returning ${columns(db)}
  `
  return stored
}

/** Every key that is valid, and the latest of those that are no longer. */
export const listApiKeys = (db: Db = pool()) => db<ApiKey[]>`
  (select ${columns(db)} from api_keys where ${isValid(db)})
  union all
  (select ${columns(db)} from api_keys where not (${isValid(db)}) order by id desc limit 100)
  order by id desc
`

/** The keys that are valid now. */
export const validApiKeys = (db: Db = sidePool()) => db<ValidApiKey[]>`
  select id, digest, name, scopes, queues, expires_at
  from api_keys
  where ${isValid(db)}
`

/** End a key; undefined when there is none, or none any more. */
export async function revokeApiKey(id: number, by: string, db: Db = pool()): Promise<ApiKey | undefined> {
  const [revoked] = await db<ApiKey[]>`
    update api_keys
    set revoked_at = now(), revoked_by = ${by}
    where id = ${id} and revoked_at is null
    returning ${columns(db)}
  `
  return revoked
}

/** Keep when keys were used last, in milliseconds since 1970. */
export async function recordKeyUses(uses: { id: number; at: number }[], db: Db = sidePool()) {
  await db`
    update api_keys
    set last_used_at = greatest(last_used_at, to_timestamp(used.at / 1000.0))
    from unnest(${uses.map(({ id }) => id)}::bigint[], ${uses.map(({ at }) => at)}::bigint[]) as used (id, at)
    where api_keys.id = used.id
  `
}
