import { setTimeout as wait } from "node:timers/promises"
import type postgres from "postgres"
import { backendOf, stopBackend } from "./cancellable.ts"
import { isDatabaseAway } from "./errors.ts"
import { directSession, sidePool } from "./pool.ts"

/** A transaction that sees the database as the others of its snapshot do. */
export interface Lane {
  tx: postgres.TransactionSql
  pid: number
}

interface Wanted {
  lanes: number
  /** The tables that are read, as SQL names them. */
  tables: readonly string[]
  signal: AbortSignal
}

/** Milliseconds to wait for whoever changes a table. */
export const LOCK_PATIENCE = 10_000

/** Seconds that a transaction has to end, before its connection is cut: one that has failed may have a COPY in its way. */
const TO_END = 1

/** Milliseconds that a backend has to notice that its connection was cut; and between two looks at whether it has. */
const TO_NOTICE = 5_000
const LOOK_AGAIN = 50

const SETTINGS = `
  set local lock_timeout = ${LOCK_PATIENCE};
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0;
  set local row_security = off;
  set local search_path = '';
  set local timezone = 'UTC';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local extra_float_digits = 1;
  set local bytea_output = 'hex';
`

/**
 * Look at the database as of one moment, over several connections. Its tables are locked against changes of their form and
 * against TRUNCATE before that moment comes, in each transaction, so that none waits for who waits for another.
 * An aborted signal stops all, in the middle of a statement, and so does the failure of one.
 */
export async function withSnapshot<T>(
  { lanes: count, tables, signal }: Wanted,
  work: (lanes: Lane[]) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const sessions = Array.from({ length: count }, () => directSession())
  const finished = Promise.withResolvers<void>()
  const failure = new AbortController()
  const stopped = AbortSignal.any([signal, failure.signal])
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  const opened: Promise<Lane>[] = []
  let working: Promise<T> | undefined
  const transactions = sessions.map((session) => {
    const open = Promise.withResolvers<Lane>()
    opened.push(open.promise)
    open.promise.catch(() => undefined)
    const transaction = locked(session, tables, stopped, async (lane) => {
      open.resolve(lane)
      await finished.promise
    })
    transaction.catch((error) => {
      open.reject(error)
      failed.reject(error)
    })
    return transaction
  })
  try {
    const lanes = await Promise.all(opened)
    working = share(lanes).then(() => work(lanes))
    return await Promise.race([working, failed.promise])
  } catch (error) {
    failure.abort(error)
    throw signal.aborted ? signal.reason : error
  } finally {
    finished.resolve()
    await Promise.all(sessions.map((session) => session.end({ timeout: TO_END })))
    await Promise.allSettled([...transactions, working])
    if (failure.signal.aborted) await untilGone(await Promise.allSettled(opened))
  }
}

/** A backend whose connection was cut goes on until it notices. */
async function untilGone(opened: PromiseSettledResult<Lane>[]) {
  const pids = opened.flatMap((lane) => (lane.status === "fulfilled" ? [lane.value.pid] : []))
  const isGone = async () => {
    try {
      return (await sidePool()`select from pg_stat_activity where pid = any(${pids})`).count === 0
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      return true
    }
  }
  const deadline = performance.now() + TO_NOTICE
  while (performance.now() < deadline && !(await isGone())) await wait(LOOK_AGAIN)
}

/** Settings as text, where one that runs by itself is to see what others of a snapshot saw. */
export const asRead = (tx: postgres.TransactionSql) => tx.unsafe(SETTINGS).simple()

async function locked(
  session: postgres.Sql,
  tables: readonly string[],
  signal: AbortSignal,
  use: (lane: Lane) => Promise<void>,
) {
  // Asked for before the transaction: its first query makes the snapshot, and that is to be after the locks.
  const pid = await backendOf(session)
  const ended = new AbortController()
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped = stopBackend(pid, ended.signal)
  }
  signal.addEventListener("abort", stop, { once: true })
  try {
    await session.begin("isolation level repeatable read read only", async (tx) => {
      signal.throwIfAborted()
      await asRead(tx)
      if (tables.length) await tx.unsafe(`lock table ${tables.join(", ")} in access share mode`)
      await use({ tx, pid })
    })
  } finally {
    signal.removeEventListener("abort", stop)
    ended.abort()
    await stopped
  }
}

/** Have all see what the first does. */
async function share([first, ...others]: Lane[]) {
  const [{ snapshot }] = await first!.tx<[{ snapshot: string }]>`select pg_export_snapshot() as snapshot`
  for (const { tx } of others) await tx.unsafe(`set transaction snapshot '${snapshot}'`)
}
