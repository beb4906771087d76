import { findRecordedRun } from "../db/runs.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { findRun, isRunId, type RunStatus } from "../lib/runs.ts"
import { fromPostgres } from "./postgres.ts"

/** What is said while PostgreSQL does not answer. */
export const AWAY =
  "Redis does not hold the run, and PostgreSQL, which may, does not answer: try again in a moment"

/** A run, from the ledger when Redis holds it no longer; undefined when neither knows it. Throws 503, and RedisUnavailable. */
export async function lookUpRun(job: JobDefinition, id: string): Promise<RunStatus | undefined> {
  const run = await findRun(job, id)
  if (run || !isRunId(id)) return run
  return await fromPostgres(findRecordedRun(job.name, id), AWAY)
}
