import { createLog } from "../lib/log.ts"
import { connectRedis, waitOnCopies } from "../lib/redis/connect.ts"
import { within } from "../lib/within.ts"
import { type Heard, listenForCancellations } from "./cancellations.ts"
import { keepSayingAlive } from "./heartbeat.ts"
import { narrator } from "./narrator.ts"
import type { Observer } from "./observer.ts"
import { IDLE_WAIT, type QueueWorker } from "./queue-worker.ts"
import { type Shared, startWorker } from "./start.ts"
import { createTroubles } from "./troubles.ts"
import { watchWorkers } from "./watchdog.ts"
import { createWatched } from "./watched.ts"
import { allWork, type Work } from "./work.ts"

/** Milliseconds that processors have to heed the signal once the time to drain is over, and Redis to hear of the end. */
const TO_SETTLE = 5_000

/** Milliseconds that Redis has to answer what was asked of it when the stop came. */
const TO_CLOSE = 2_000

interface Options extends Heard {
  /** Who keeps account of runs besides the log. */
  observers?: Observer[]
  /** Called when a queue stands and nothing helps. */
  giveUp?: (reason: string) => void
}

/** Work on queues, until stopped. */
export function startWorkers(
  work: Work[] = allWork(),
  { observers = [], giveUp = fail, ...heard }: Options = {},
) {
  let stopping = false
  const connection = waitOnCopies(connectRedis("worker"), (IDLE_WAIT + 5) * 1_000)
  const watched = createWatched(connection)
  const shared: Shared = {
    connection,
    troubles: createTroubles(),
    observers: [narrator, watched.observer, ...observers],
    isStopping: () => stopping,
  }
  const workers = work.map(({ job, processor }) => startWorker(job, processor, shared))
  const cancellations = listenForCancellations(connection, workers, { ...heard, onWatched: watched.hear })
  const watchdog = watchWorkers({ connection, workers, giveUp })
  const heartbeat = keepSayingAlive({ ...shared, workers })
  return {
    ...shared,
    workers,
    /** Take no more runs, let the active ones end for `drainSeconds`, then hand the rest back. */
    async stop(drainSeconds: number) {
      watchdog.stop()
      // Whoever has runs waiting should hear of it now, and not after the runs under way.
      const gone = heartbeat.stop()
      // Closing comes first: a run handed back to a queue still worked on is taken again at once.
      const closed = Promise.all(workers.map((worker) => worker.close()))
      await ended(drained(workers, closed), drainSeconds * 1_000)
      stopping = true
      const stopped = new Error("the worker is stopping")
      for (const worker of workers) worker.stopRuns(stopped)
      if (!(await ended(closed, TO_SETTLE))) createLog("Worker").warn(unsettled(underWay(workers).length))
      cancellations.stop()
      await gone
    },
    disconnect: () => connection.disconnect(),
  }
}

export type Workers = ReturnType<typeof startWorkers>

function fail(reason: string): never {
  throw new Error(reason)
}

/** Nothing is under way and nothing more comes: that much only `closed` tells, and with Redis away it never does. */
async function drained(workers: QueueWorker[], closed: Promise<unknown>) {
  const runs = () => underWay(workers)
  do while (runs().length) await Promise.allSettled(runs().map((run) => run.ended))
  while (!(await ended(closed, TO_CLOSE)) && runs().length)
}

const underWay = (workers: QueueWorker[]) => workers.flatMap((worker) => [...worker.active])

const unsettled = (runs: number) =>
  runs
    ? `${runs} runs did not heed the signal to stop: another worker will find them stalled`
    : "Redis did not answer: a run that has just ended may be found stalled, and done again"

const ended = (work: Promise<unknown>, milliseconds: number) =>
  within(milliseconds, "stopping", work).then(
    () => true,
    (error: Error) => {
      if (error.name === "TimeoutError") return false
      throw error
    },
  )
