import type { Db } from "../../db/pool.ts"
import { recordEvents } from "../../db/run-events.ts"
import { recordRuns } from "../../db/runs.ts"
import { createLog } from "../../lib/log.ts"
import type { Entry } from "./entry.ts"

/** Write entries, once or again. One that PostgreSQL will not have for what it says is logged and left out. */
export async function record(entries: Entry[], db: Db): Promise<void> {
  const runs = entries.flatMap(({ run }) => run ?? [])
  const events = entries.flatMap((entry) => entry.events)
  try {
    if (runs.length) await recordRuns(runs, db)
    if (events.length) await recordEvents(events, db)
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (entries.length === 1) return leaveOut(entries[0]!, error)
    const half = entries.length / 2
    await record(entries.slice(0, half), db)
    await record(entries.slice(half), db)
  }
}

/** SQLSTATE classes of what was said, not of who could not hear it: data (22), constraints (23), limits (54). */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && /^(?:22|23|54)...$/.test(String(error.code))

const leaveOut = ({ id }: Entry, error: Error) =>
  createLog("Ledger").error(`Run ${id} cannot be recorded`, { error })
