import { findInOutbox } from "../db/outbox-runs.ts"
import { findRecordedRun } from "../db/runs.ts"
import type { Enqueued } from "../lib/enqueue.ts"
import { RedisUnavailable } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { findRun, isRunId, type RunStatus } from "../lib/runs.ts"
import { tellRun } from "../lib/tell-run.ts"
import { fromPostgres } from "./postgres.ts"
import { orAway } from "./redis.ts"

/** What is said while PostgreSQL does not answer. */
export const AWAY =
  "Redis does not hold the run, and PostgreSQL, which may, does not answer: try again in a moment"

/** The status of an answer that tells of a run: 202 while it is not in its queue yet. */
export const codeOf = ({ status }: Pick<Enqueued, "status">) => (status === "accepted" ? 202 : 200)

/**
 * A run, from the ledger or the outbox when Redis does not hold it; undefined when none of them knows it. Without personal data,
 * unless it is to be revealed, which the ledger never has. Throws 503, and RedisUnavailable.
 */
export async function lookUpRun(
  job: JobDefinition,
  id: string,
  { reveal = false } = {},
): Promise<RunStatus | undefined> {
  const told = (run: RunStatus | undefined) => (run && !reveal ? tellRun(job, run) : run)
  if (!isRunId(id)) return undefined
  const found = await orAway(findRun(job, id))
  const isAway = found instanceof RedisUnavailable
  if (found && !isAway) return told(found)
  const recorded = await fromPostgres(findRecordedRun(job.name, id), AWAY)
  if (recorded) return recorded
  const kept = await fromPostgres(findInOutbox(job, id), AWAY)
  if (kept && !kept.isRelayed) return told(kept.status)
  // Never run since another was there, which may be in the ledger by now.
  if (kept?.became) return await lookUpRun(job, kept.became, { reveal })
  if (isAway) throw found
  // Relayed meanwhile.
  return kept && told(await findRun(job, id))
}
