import type postgres from "postgres"
import type { Db } from "./pool.ts"

/** Rows that are fetched at a time. */
const BATCH = 500

let opened = 0

/**
 * The rows of a query of a transaction, some at a time, as they are asked for. postgres.js' own cursors take a connection that is
 * lost between two batches for the end of the rows.
 */
export async function* inBatches<Row extends object>(
  query: postgres.PendingQuery<Row[]>,
  tx: Db,
): AsyncGenerator<Row[]> {
  opened += 1
  const cursor = tx(`batches_${opened}`)
  // All rows are wanted, and not the first of them soon.
  await tx`set local cursor_tuple_fraction = 1`
  await tx`declare ${cursor} no scroll cursor for ${query}`
  for (;;) {
    const rows = await tx<Row[]>`fetch forward ${tx.unsafe(String(BATCH))} from ${cursor}`
    if (rows.length > 0) yield [...rows] as Row[]
    if (rows.length < BATCH) break
  }
  await tx`close ${cursor}`
}
