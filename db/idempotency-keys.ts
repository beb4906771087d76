import type { QueuedRun } from "../lib/enqueue.ts"
import { addToOutbox } from "./outbox.ts"
import { type Db, pool } from "./pool.ts"

/** Days for which a key is remembered. */
const REMEMBERED = 1

/** A key that a caller has chosen for what they ask for, and the hash of that. */
export interface IdempotencyKey {
  actor: string
  key: string
  bodyHash: string
}

/** The runs that a key stands for; `other` when it stands for something else. */
export type Kept = { ids: string[]; isReplay: boolean } | "other"

/**
 * Put runs into the outbox, once for a key. Both are written together, so that a key never stands for runs that are not there;
 * whoever uses it at the same time waits. `admit` throws when there are too many runs already: a replay adds none.
 */
export const askOnce = (key: IdempotencyKey, runs: QueuedRun[], admit: () => void): Promise<Kept> =>
  pool().begin(async (tx) => {
    if (await remember(key, runs, tx)) {
      admit()
      await addToOutbox(runs, tx)
      return { ids: runs.map(({ id }) => id), isReplay: false }
    }
    const [known] = await tx<{ bodyHash: string; runIds: string[] }[]>`
      select body_hash, run_ids from idempotency_keys where actor = ${key.actor} and key = ${key.key}
    `
    // Held by the statement before: it does not vanish.
    return known!.bodyHash === key.bodyHash ? { ids: known!.runIds, isReplay: true } : "other"
  })

/** Whether the key is new, or was forgotten. */
async function remember({ actor, key, bodyHash }: IdempotencyKey, runs: QueuedRun[], tx: Db) {
  const written = await tx`
    insert into idempotency_keys as known (actor, key, body_hash, run_ids)
    values (${actor}, ${key}, ${bodyHash}, ${runs.map(({ id }) => id)}::text[])
    on conflict (actor, key) do update
    set body_hash = excluded.body_hash, run_ids = excluded.run_ids, created_at = excluded.created_at
    where known.created_at < now() - ${REMEMBERED} * interval '1 day'
    returning 1
  `
  return written.count === 1
}
