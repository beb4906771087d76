import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobs } from "../../lib/jobs/index.ts"
import type { RunFilter } from "../../lib/run-filter.ts"
import { HttpError } from "../errors.ts"
import { callOf } from "./principal.ts"

type Queues = ReadonlySet<string>

/** Throws 403 for a queue that somebody is not for, and for none; whoever is limited to no queues is for all. */
export function checkQueue(queues: Queues | undefined, queue: string | undefined) {
  if (queues && !(queue && queues.has(queue)))
    throw new HttpError(403, `Forbidden: this key is for ${[...queues].join(", ")} alone`)
}

/** The queues that whoever sent a request is limited to; undefined for all. */
export function queuesFor(request: Request): string[] | undefined {
  const queues = callOf(request)?.principal.queues
  return queues && [...queues]
}

/** The jobs whose queues whoever sent a request is for. */
export function jobsFor(request: Request): readonly JobDefinition[] {
  const queues = queuesFor(request)
  return queues ? jobs.filter(({ name }) => queues.includes(name)) : jobs
}

/** A filter that means runs alone that whoever sent a request is for. Throws 403 for one of another queue. */
export function narrowed(filter: RunFilter, request: Request): RunFilter {
  const queues = queuesFor(request)
  if (!queues) return filter
  if (filter.queue === undefined) return { ...filter, queues }
  checkQueue(new Set(queues), filter.queue)
  return filter
}
