import { ConfigurationError, UnknownQueue } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { jobOf, jobs } from "../lib/jobs/index.ts"
import { workerEnv } from "./env.ts"
import type { AnyProcessor } from "./execute.ts"
import { processors } from "./processors/index.ts"

/** A job and what does it. */
export interface Work {
  job: JobDefinition
  processor: AnyProcessor
}

/** Every job there is. */
export const allWork = (): Work[] =>
  jobs.map((job) => ({ job, processor: processors[job.name] as AnyProcessor }))

/** What this process is to work on. Throws a ConfigurationError for a queue that is none. */
export function chosenWork(): Work[] {
  const { WORKER_QUEUES } = workerEnv()
  if (WORKER_QUEUES === undefined) return allWork()
  const names = new Set(WORKER_QUEUES.split(",").map((name) => nameOf(name.trim())))
  return allWork().filter(({ job }) => names.has(job.name))
}

function nameOf(alias: string): string {
  try {
    return jobOf(alias).name
  } catch (error) {
    if (error instanceof UnknownQueue)
      throw new ConfigurationError(`WORKER_QUEUES is not right: ${error.message}`)
    throw error
  }
}
