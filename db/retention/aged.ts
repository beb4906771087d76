import type postgres from "postgres"
import type { CleanupTarget } from "../../lib/jobs/cleanup.ts"
import type { Db } from "../pool.ts"

/** Rows that stay though they are old; the table they are in is `kept`. */
export interface Keep {
  why: string
  rows(db: Db): postgres.PendingQuery<postgres.Row[]>
}

/** A table whose rows go with age. A row that rows of other tables name stays as long as they do: that is read from its foreign keys. */
export interface Aged {
  table: string
  /** The time that the age of a row is counted from; a row without one stays. */
  since: string
  /** The cleanup that deletes it. */
  target: CleanupTarget
  /** How long any row stays, as an interval of SQL. */
  atLeast?: { interval: string; why: string }
  keeps?: readonly Keep[]
  /** The column with the key of a stored file that goes before its row does. */
  file?: string
}
