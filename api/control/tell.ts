import type { z } from "zod"
import type { QueuedRun } from "../../lib/control/read-runs.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { tellRun } from "../../lib/tell-run.ts"
import type { toldRun } from "./told.ts"

/** A run of Redis as operators see it: without personal data. */
export const tellForOperators = (job: JobDefinition, run: QueuedRun): z.output<typeof toldRun> =>
  named(tellRun(job, run))

/** With the names that BullMQ has for two of its fields, by which the specification's application knows them. */
export const named = <Run extends { jobId: string; createdAt: number }>(run: Run) => ({
  id: run.jobId,
  ...run,
  timestamp: run.createdAt,
})
