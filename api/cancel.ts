import { cancelInOutbox, findInOutbox } from "../db/outbox-runs.ts"
import { findRecordedRun } from "../db/runs.ts"
import { type Cancelled, cancelRun } from "../lib/cancel.ts"
import { RedisUnavailable } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { isRunId } from "../lib/runs.ts"
import { fromPostgres } from "./postgres.ts"
import { orAway } from "./redis.ts"
import { AWAY } from "./runs.ts"

/**
 * A run that has not come to Redis yet is cancelled where it waits for that; where another stands for it, that one is. What Redis
 * has forgotten has ended.
 */
export async function cancelAnywhere(
  job: JobDefinition,
  id: string,
  by: { actor: string; reason: string | undefined },
): Promise<Cancelled | undefined> {
  if (!isRunId(id)) return undefined
  const found = await orAway(cancelRun(job, id, by))
  if (found !== undefined && !(found instanceof RedisUnavailable)) return found
  if (await fromPostgres(cancelInOutbox(job, id, by), AWAY)) return "cancelled"
  const kept = await fromPostgres(findInOutbox(job, id), AWAY)
  if (kept?.isRelayed && kept.became !== null) return await cancelAnywhere(job, kept.became, by)
  if (found) throw found
  // Relayed meanwhile, it may be there now.
  return (await cancelRun(job, id, by)) ?? (await fromPostgres(howEnded(job, id), AWAY))
}

async function howEnded(job: JobDefinition, id: string): Promise<Cancelled | undefined> {
  const run = await findRecordedRun(job.name, id)
  return run && (run.status === "cancelled" ? "cancelled" : "ended")
}
