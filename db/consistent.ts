import type postgres from "postgres"
import { cancellable } from "./cancellable.ts"
import { pool } from "./pool.ts"

/**
 * Read in one snapshot: whatever is written meanwhile, all that is read is as it was at one moment. Nothing can be written. An
 * aborted signal stops it in the middle of a statement, as it does a `cancellable`.
 */
export const consistent = <T>(
  signal: AbortSignal,
  read: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T> =>
  cancellable(signal, read, {
    begin: (work: (tx: postgres.TransactionSql) => Promise<T>) =>
      pool().begin("isolation level repeatable read read only", work),
  } as unknown as postgres.Sql)
