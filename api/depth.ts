import type { JobDefinition } from "../lib/jobs/define.ts"
import { createLog } from "../lib/log.ts"
import { onQueue } from "../lib/queues.ts"
import { apiEnv } from "./env.ts"
import { HttpError } from "./errors.ts"

/** Milliseconds for which a count is good enough. */
const KNOWN_FOR = 1_000

/** Seconds after which a caller who is refused may ask again. */
const RETRY_AFTER = 10

/** How many runs wait in a queue, delayed ones included: as Redis said at `at`, and asked for here since. */
interface Depth {
  counted: number
  since: number
  at: number
}

const depths = new Map<string, Depth>()
let limit: number | undefined

/**
 * Let so many runs more into a queue. Throws 429 when it is deeper than it may be. It asks Redis once a second at most, and
 * waits for no answer: many who ask within one second, or of several processes, may get a few more in.
 */
export function admit(job: JobDefinition, runs = 1) {
  limit ??= apiEnv().QUEUE_DEPTH_LIMIT
  const depth = depths.get(job.name) ?? { counted: 0, since: 0, at: Number.NEGATIVE_INFINITY }
  depths.set(job.name, depth)
  const now = performance.now()
  if (now - depth.at > KNOWN_FOR) {
    depth.at = now
    void count(job, depth)
  }
  if (depth.counted + depth.since + runs > limit)
    throw new HttpError(429, `Queue ${job.name} is full: ${limit} runs wait in it at most`, {
      "retry-after": String(RETRY_AFTER),
    })
  depth.since += runs
}

/** While Redis is away, what was counted last goes on. */
async function count(job: JobDefinition, depth: Depth) {
  const before = depth.since
  try {
    depth.counted = await onQueue(job, (queue) =>
      queue.getJobCountByTypes("prioritized", "delayed", "waiting"),
    )
    depth.since -= before
  } catch (error) {
    createLog("API").debug(`The depth of queue ${job.name} is not known`, {
      reason: (error as Error).message,
    })
  }
}
