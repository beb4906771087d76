import { ConfigurationError, UnknownQueue } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { type JobName, jobOf, jobs } from "../lib/jobs/index.ts"
import { workerEnv } from "./env.ts"
import type { AnyProcessor } from "./execute.ts"
import { processors } from "./processors/index.ts"

/** A job and what does it. */
export interface Work {
  job: JobDefinition
  processor: AnyProcessor
}

/** Every job there is; what does it is loaded with its first run, unless it was loaded before. */
export const allWork = (): Work[] =>
  jobs.map((job) => ({ job, processor: async (payload, run) => (await processorOf(job.name))(payload, run) }))

/** What this process is to work on. Throws a ConfigurationError for a queue that is none. */
export function chosenWork(): Work[] {
  const { WORKER_QUEUES } = workerEnv()
  if (WORKER_QUEUES === undefined) return allWork()
  const names = new Set(WORKER_QUEUES.split(",").map((name) => nameOf(name.trim())))
  return allWork().filter(({ job }) => names.has(job.name))
}

/** Load what does all of this, which each run would wait for otherwise, and those beside it. */
export const loadWork = (work: Work[]) => Promise.all(work.map(({ job }) => processorOf(job.name as JobName)))

/** What does a job, loaded if it was not. */
export const processorOf = async (name: JobName) => (await processors[name]()).default as AnyProcessor

function nameOf(alias: string): string {
  try {
    return jobOf(alias).name
  } catch (error) {
    if (error instanceof UnknownQueue)
      throw new ConfigurationError(`WORKER_QUEUES is not right: ${error.message}`)
    throw error
  }
}
