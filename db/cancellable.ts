import { setTimeout as wait } from "node:timers/promises"
import type postgres from "postgres"
import { type Db, pool, sidePool } from "./pool.ts"

/** Milliseconds between two tries to stop a transaction whose work has not ended yet. */
const INSIST = 250

/**
 * A transaction that an aborted signal stops in the middle of a statement, COPY included. It is then rolled back, and
 * rejects with the signal's reason. The statement is cancelled by its backend's number from another connection, and never
 * after the transaction has ended, so that nobody else's is hit; the number stays true behind a transaction pooler. `side` is of
 * the same server, where that is not the pool's.
 */
export async function cancellable<T>(
  signal: AbortSignal,
  work: (tx: postgres.TransactionSql) => Promise<T>,
  db: postgres.Sql = pool(),
  side?: postgres.Sql,
): Promise<T> {
  signal.throwIfAborted()
  const transaction = db.begin(async (tx) => {
    const pid = await backendOf(tx)
    const ended = new AbortController()
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped = stopBackend(pid, ended.signal, side)
    }
    signal.addEventListener("abort", stop, { once: true })
    try {
      signal.throwIfAborted()
      const result = await work(tx)
      signal.throwIfAborted()
      return result
    } finally {
      signal.removeEventListener("abort", stop)
      ended.abort()
      await stopped
    }
  })
  return (await transaction.catch((error) => {
    throw signal.aborted ? signal.reason : error
  })) as T
}

/** The number of the backend that a transaction, or a session, has. */
export async function backendOf(db: Db): Promise<number> {
  const [{ pid }] = await db<[{ pid: number }]>`select pg_backend_pid() as pid`
  return pid
}

/**
 * Cancel what a backend does, until `ended`. Between two statements there is nothing to cancel, and the next would go on: it
 * is said again. To be awaited before anybody else can have the backend.
 */
export async function stopBackend(pid: number, ended: AbortSignal, side = sidePool()) {
  while (!ended.aborted) {
    await side`select pg_cancel_backend(${pid})`.catch(() => undefined)
    await wait(INSIST, undefined, { signal: ended }).catch(() => undefined)
  }
}
