import { createDeadlines } from "../lib/deadlines.ts"
import { RunTimedOut } from "../lib/errors.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { createLog } from "../lib/log.ts"
import { onQueue, prefixOf } from "../lib/queues.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import { isLockLost, isRedisAway } from "../lib/redis/errors.ts"
import { repeatStrategy } from "../lib/schedules/slots.ts"
import { createAccount } from "./account.ts"
import { ActiveRun } from "./active-run.ts"
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
  /** What keeps queues from being worked on. */
  troubles: Troubles
  /** Who keeps account of runs. */
  observers: Observer[]
  isStopping: () => boolean
}

/** Work on a job's queue. */
export function startWorker(job: JobDefinition, processor: AnyProcessor, shared: Shared): QueueWorker {
  const { connection, troubles, observers, isStopping } = shared
  const { LOCK_DURATION, STALLED_INTERVAL, MAX_STALLED_COUNT } = workerEnv()
  const account = createAccount(job, observers)
  const active = new Set<ActiveRun>()
  const place = { processor, account, active, connection, isStopping }

  const worker: QueueWorker = new QueueWorker(
    job,
    active,
    (queued, token) => {
      const run = new ActiveRun(queued.id!)
      active.add(run)
      deadlines.watch()
      run.ended = execute({ begun: account.begin(queued), active: run, token }, place)
      return run.ended
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
  const deadlines = createDeadlines(active, job.timeout, (run) =>
    run.stop(new RunTimedOut(`Timed out after ${job.timeout} ms`)),
  )
  const { globalConcurrency } = job
  if (globalConcurrency !== undefined) worker.on("ready", () => limitAll(job, globalConcurrency))
  worker.on("closed", deadlines.stop)
  worker.on("completed", account.completed)
  worker.on("failed", (queued, error) => queued && account.failed(queued, error))
  worker.on("stalled", account.stalled)
  // Another worker may have the run by now. How it ends here, BullMQ does not take.
  worker.on("lockRenewalFailed", (ids) => {
    for (const id of ids) worker.stopRuns(new Error("the lock of the run is lost"), id)
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

/** Redis may have lost it whenever the connection was. */
function limitAll(job: JobDefinition, concurrency: number) {
  onQueue(job, (queue) => queue.setGlobalConcurrency(concurrency)).catch((error: Error) =>
    workerLog(job.name).warn("How many runs all workers may do at a time could not be said", {
      reason: error.message,
    }),
  )
}
