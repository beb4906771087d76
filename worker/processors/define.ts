import type { JobDefinition } from "../../lib/jobs/define.ts"
import type { JobPayload, JobResult } from "../../lib/jobs/index.ts"
import type { Run } from "../run.ts"

export type Processor<J extends JobDefinition> = (payload: JobPayload<J>, run: Run) => Promise<JobResult<J>>

/** Say what a job does. The definition types the payload and the result; the function is all there is to write. */
export const defineProcessor = <J extends JobDefinition>(_job: J, processor: Processor<J>) => processor
