import { Worker } from "bullmq"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { createLog } from "../lib/log.ts"
import { prefixOf } from "../lib/queues.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import { isRedisAway } from "../lib/redis/errors.ts"
import { workerEnv } from "./env.ts"
import { type AnyProcessor, execute } from "./execute.ts"
import type { Troubles } from "./troubles.ts"

/** Seconds an idle worker waits for a run before it asks again; a new run wakes it at once. */
const IDLE_WAIT = 45

/** What the workers of a process share. */
export interface Shared {
  /** For all but the waiting. */
  connection: RedisClient
  /** The runs under way. */
  active: Set<Promise<unknown>>
  /** What keeps queues from being worked on. */
  troubles: Troubles
  isStopping: () => boolean
}

/** Work on a job's queue. */
export function startWorker(job: JobDefinition, processor: AnyProcessor, shared: Shared): Worker {
  const { connection, active, troubles, isStopping } = shared
  const { LOCK_DURATION, STALLED_INTERVAL, MAX_STALLED_COUNT } = workerEnv()
  const log = createLog(`Worker:${job.name}`)
  const worker = new Worker(
    job.name,
    // BullMQ passes a signal only to a function that declares three parameters without defaults.
    (queued, token, signal) => {
      log.info(`Processing job ${queued.id}`)
      const run = execute(job, processor, { queued, token, signal: signal!, isStopping, connection })
      const forget = () => void active.delete(run)
      active.add(run)
      run.then(forget, forget)
      return run
    },
    {
      connection,
      prefix: prefixOf(job.name),
      concurrency: job.concurrency,
      drainDelay: IDLE_WAIT,
      lockDuration: LOCK_DURATION,
      stalledInterval: STALLED_INTERVAL,
      maxStalledCount: MAX_STALLED_COUNT,
    },
  )
  worker.on("completed", ({ id }) => log.info(`Job ${id} completed successfully`))
  worker.on("failed", (queued, error) => {
    const trouble = { attempt: queued?.attemptsMade, reason: error.message }
    if (queued?.finishedOn) log.error(`Job ${queued.id} failed`, { ...trouble, error })
    else log.warn(`Job ${queued?.id} failed and will be tried again`, trouble)
  })
  worker.on("stalled", (id) => log.warn(`Job ${id} was left behind by a worker and is taken up again`))
  // The connection says itself when Redis is away.
  worker.on("error", (error) => isRedisAway(error) || troubles.note(job.name, error))
  createLog("QueueManager").info(`Queue '${job.name}' initialized`)
  return worker
}
