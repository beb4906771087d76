import type { Job as QueuedJob } from "bullmq"
import { RunTimedOut } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { createLog } from "../lib/log.ts"
import { prefixOf } from "../lib/queues.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import { isLockLost, isRedisAway } from "../lib/redis/errors.ts"
import { repeatStrategy } from "../lib/schedules/slots.ts"
import { createAccount } from "./account.ts"
import type { ActiveRun } from "./cancellations.ts"
import { workerEnv } from "./env.ts"
import { type AnyProcessor, execute } from "./execute.ts"
import { workerLog } from "./narrator.ts"
import type { Observer } from "./observer.ts"
import { IDLE_WAIT, QueueWorker } from "./queue-worker.ts"
import type { Troubles } from "./troubles.ts"

/** What the workers of a process share. */
export interface Shared {
  /** For all but the waiting. */
  connection: RedisClient
  /** The runs under way, by the promise of their end. */
  active: Map<Promise<unknown>, ActiveRun>
  /** What keeps queues from being worked on. */
  troubles: Troubles
  /** Who keeps account of runs. */
  observers: Observer[]
  isStopping: () => boolean
}

/** Work on a job's queue. */
export function startWorker(job: JobDefinition, processor: AnyProcessor, shared: Shared): QueueWorker {
  const { connection, active, troubles, observers, isStopping } = shared
  const { LOCK_DURATION, STALLED_INTERVAL, MAX_STALLED_COUNT } = workerEnv()
  const account = createAccount(job, observers)

  const limit = job.timeout

  const perform = async (queued: QueuedJob, token: string | undefined, signal: AbortSignal) => {
    const begun = account.begin(queued)
    const late = setTimeout(() => worker.cancelJob(queued.id!, timedOut(limit)), limit)
    try {
      return await execute(processor, {
        begun,
        token,
        signal,
        isStopping,
        connection,
        putBack: (outcome, error) => account.putBack(begun, outcome, error),
        ignored: () => account.ignored(begun),
      })
    } finally {
      clearTimeout(late)
    }
  }
  const worker: QueueWorker = new QueueWorker(
    job.name,
    // BullMQ passes a signal only to a function that declares three parameters without defaults.
    (queued, token, signal) => {
      const run = perform(queued, token, signal!)
      const forget = () => void active.delete(run)
      active.set(run, { worker, id: queued.id! })
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
      settings: { repeatStrategy },
    },
  )
  worker.on("completed", account.completed)
  worker.on("failed", (queued, error) => queued && account.failed(queued, error))
  worker.on("stalled", account.stalled)
  // Another worker may have the run by now. How it ends here, BullMQ does not take.
  worker.on("lockRenewalFailed", (ids) => {
    for (const id of ids) worker.cancelJob(id, new Error("the lock of the run is lost"))
  })
  worker.on("error", (error) => {
    // The connection says itself when Redis is away.
    if (isRedisAway(error)) return
    if (isLockLost(error))
      workerLog(job.name).warn("A run is no longer this worker's", { reason: error.message })
    else troubles.note(job.name, error)
  })
  createLog("QueueManager").info(`Queue '${job.name}' initialized`)
  return worker
}

const timedOut = (limit: number) => new RunTimedOut(`Timed out after ${limit} ms`)
