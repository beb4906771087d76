import { cancelInOutbox } from "../db/outbox-runs.ts"
import { type Cancelled, cancelRun } from "../lib/cancel.ts"
import { RedisUnavailable } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { isRunId } from "../lib/runs.ts"
import { fromPostgres } from "./postgres.ts"
import { AWAY } from "./runs.ts"

/** A run that has not come to Redis yet is cancelled where it waits for that. */
export async function cancelAnywhere(
  job: JobDefinition,
  id: string,
  by: { actor: string; reason: string | undefined },
): Promise<Cancelled | undefined> {
  const found = await cancelRun(job, id, by).catch((error) => {
    if (error instanceof RedisUnavailable) return error
    throw error
  })
  if (found !== undefined && !(found instanceof RedisUnavailable)) return found
  if (isRunId(id) && (await fromPostgres(cancelInOutbox(job, id, by), AWAY))) return "cancelled"
  if (found) throw found
  // Relayed meanwhile.
  return await cancelRun(job, id, by)
}
