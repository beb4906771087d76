import { setTimeout as wait } from "node:timers/promises"
import type postgres from "postgres"
import { cancellable } from "../../db/cancellable.ts"

/** Rows of the first batch, and the least and most of any. */
const FIRST = 200
const LEAST = 20
const MOST = 5_000

/** Milliseconds that a batch is to take: for so long its rows are locked. */
const WANTED = 100

/** Milliseconds to wait for whoever has locked what is to be deleted, or changes the form of its table. */
const LOCK_PATIENCE = 1_000

/** What a batch has deleted, and where the next one begins; null when there is none. */
interface Done<Place> {
  count: number
  next: Place | null
}

/**
 * Delete in batches, each a transaction of its own, of as many rows as go in a tenth of a second; after each, others have as long.
 * Yields what each has deleted. An aborted signal stops it in the middle of a batch, which is then undone.
 */
export async function* inBatches<Place>(
  signal: AbortSignal,
  from: Place,
  batch: (limit: number, from: Place, tx: postgres.TransactionSql) => Promise<Done<Place>>,
  db?: postgres.Sql,
): AsyncGenerator<number> {
  let limit = FIRST
  for (let place: Place | null = from; place !== null; ) {
    const at: Place = place
    const began = performance.now()
    const { count, next }: Done<Place> = await shortly(signal, (tx) => batch(limit, at, tx), db)
    yield count
    if (next === null) return
    const took = performance.now() - began
    limit = Math.round(Math.min(MOST, Math.max(LEAST, (limit * WANTED) / took), limit * 2))
    place = next
    await wait(Math.min(took, WANTED), undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** A transaction that waits for nobody's lock for long. */
export const shortly = <T>(
  signal: AbortSignal,
  work: (tx: postgres.TransactionSql) => Promise<T>,
  db?: postgres.Sql,
) =>
  cancellable(
    signal,
    async (tx) => {
      // The oldest rows are read in the order of an index. Where the planner takes a table for small, as it does one that has just
      // been filled, it would read and sort all that is old for each batch.
      await tx`
        select
          set_config('lock_timeout', ${String(LOCK_PATIENCE)}, true),
          set_config('enable_sort', 'off', true),
          set_config('enable_bitmapscan', 'off', true)
      `
      return await work(tx)
    },
    db,
  )
