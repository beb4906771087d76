import type { JobCalled, JobPayload, JobResult, QueueAlias } from "../jobs/index.ts"
import type { RunStatus } from "../runs.ts"

/** What is known of a run; what is personal is redacted. */
export type Run<Queue extends QueueAlias> = Omit<RunStatus, "data" | "returnValue"> & {
  data: JobPayload<JobCalled<Queue>>
  returnValue: JobResult<JobCalled<Queue>> | null
}

/** What a callback tells of a run. */
export interface Ended<Queue extends QueueAlias> {
  type: "run.completed" | "run.failed" | "run.cancelled"
  /** When it ended, in ISO 8601. */
  timestamp: string
  data: Omit<Run<Queue>, "data" | "progress"> & { statusUrl: string }
}
