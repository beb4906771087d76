import type postgres from "postgres"
import { sidePool } from "../../db/pool.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { createLog } from "../../lib/log.ts"
import type { RedisClient } from "../../lib/redis/connect.ts"
import { alarm } from "../../lib/schedules/queue.ts"
import type { EndedTry, Observer } from "../observer.ts"
import { createBuffer } from "./buffer.ts"
import { entryOf } from "./entry.ts"
import { record } from "./record.ts"
import { type Sweeper, startSweeper } from "./sweeper.ts"

/** What became of every run, kept in PostgreSQL. To keep it never fails a run, nor makes one wait; `most` is held while PostgreSQL is away. */
export function createLedger(db: postgres.Sql = sidePool(), most?: { entries: number; size: number }) {
  let sweeper: Sweeper | undefined
  const sweepSoon = () => sweeper?.sweepSoon()
  const buffer = createBuffer({ write: (entries) => record(entries, db), onLost: sweepSoon }, most)

  const ended = (ended: EndedTry) => {
    // The alarms of schedules are no work that was asked for; what they ask for is.
    if (ended.job.name === alarm.name) return
    try {
      buffer.add(entryOf(ended))
    } catch (error) {
      createLog("Ledger").error(`Run ${ended.queued.id} could not be read`, { error })
      sweepSoon()
    }
  }
  return {
    // A run left behind tells of a worker that died, with what it had not written yet.
    observer: { ended, stalled: sweepSoon } satisfies Observer,
    /** Look in Redis in a moment for what nobody has recorded. */
    sweepSoon,
    /** Look there now, every hour and after every loss, for runs of these jobs. */
    startSweeping(jobs: JobDefinition[], connection: RedisClient) {
      sweeper = startSweeper(jobs, connection, db)
    },
    /** Write what is held, in so many milliseconds at most. */
    async close(patience: number) {
      await Promise.all([buffer.close(patience), sweeper?.stop(patience)])
    },
  }
}

export type Ledger = ReturnType<typeof createLedger>
