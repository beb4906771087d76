import { type Asking, type Enqueued, prepareRun, put, type QueuedRun } from "./enqueue.ts"
import type { EnqueueOptions } from "./enqueue-options.ts"
import { PayloadError, PayloadTooLarge, type Problem } from "./errors.ts"
import type { JobDefinition } from "./jobs/define.ts"
import type { JobInput } from "./jobs/index.ts"

/** Runs that are asked for at a time at most. */
export const MOST_AT_ONCE = 1_000

/** What is asked for with a run, among many. */
export interface Entry<J extends JobDefinition> {
  data: JobInput<J>
  options?: EnqueueOptions | undefined
}

/**
 * Ask for many runs of a job: all of them or, when it throws, none. Throws as `enqueue` does; a PayloadError names what is wrong
 * with each, `12.data.to` for the thirteenth.
 */
export async function enqueueMany<J extends JobDefinition>(
  job: J,
  entries: readonly Entry<J>[],
  { outbox, ...asking }: Omit<Asking, "id"> = {},
): Promise<Enqueued[]> {
  if (entries.length === 0) return []
  return await putMany(job, prepareMany(job, entries, asking), outbox)
}

/** Bring runs that are checked into their queue, all or none. */
export const putMany = (job: JobDefinition, runs: QueuedRun[], outbox?: Asking["outbox"]) =>
  put(job, runs, outbox, (queue) => queue.addBulk(runs.map(asBulk)))

const asBulk = ({ id, name, payload, options }: QueuedRun) => ({
  name,
  data: payload,
  opts: { jobId: id, ...options },
})

/** As many runs as there are entries, each checked. */
export function prepareMany<J extends JobDefinition>(
  job: J,
  entries: readonly Entry<J>[],
  asking: Omit<Asking, "id" | "outbox">,
): QueuedRun[] {
  const problems: Problem[] = []
  const runs = entries.flatMap(({ data, options = {} }, index) => {
    try {
      return prepareRun(job, data, options, asking)
    } catch (error) {
      if (error instanceof PayloadTooLarge) throw new PayloadTooLarge(`${index}: ${error.message}`)
      if (!(error instanceof PayloadError)) throw error
      for (const { path, message } of error.problems) problems.push({ path: placed(index, path), message })
      return []
    }
  })
  if (problems.length) throw new PayloadError(`Bad payloads for ${job.name}`, problems)
  return runs
}

const placed = (index: number, path: string) =>
  /^options\b/.test(path) ? `${index}.${path}` : [index, "data", path].filter((part) => part !== "").join(".")
