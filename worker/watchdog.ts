import { createLog } from "../lib/log.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import { IDLE_WAIT, type QueueWorker } from "./queue-worker.ts"

/** Milliseconds after which a worker with capacity free has looked for runs, if all is well. */
const LONGEST_WAIT = (IDLE_WAIT + 10) * 1_000

/** Milliseconds between two looks at the workers, and that one gets to recover. */
const INTERVAL = 5_000
const TO_RECOVER = 25_000

interface Watched {
  connection: RedisClient
  workers: QueueWorker[]
  /** Ends the process, for the platform to start it again. */
  giveUp: (reason: string) => void
}

/**
 * Watch that every worker keeps looking for runs: each does so at least every 45 s on its own, so to watch costs Redis
 * nothing. The waiting connection of one that does not is opened anew; should that not help, `giveUp` is called.
 * An outage of Redis is none of its business: connections come back by themselves.
 */
export function watchWorkers({ connection, workers, giveUp }: Watched, now = Date.now) {
  const log = createLog("Watchdog")
  const reopened = new Map<QueueWorker, number>()
  let readySince = connection.status === "ready" ? now() : undefined
  const ready = () => {
    readySince = now()
  }
  const lost = () => {
    readySince = undefined
  }
  connection.on("ready", ready)
  connection.on("close", lost)

  const look = () => {
    for (const worker of workers) {
      const since = Math.max(worker.lookedAt, readySince ?? Number.POSITIVE_INFINITY)
      const isWell =
        worker.closing || now() - since < LONGEST_WAIT || worker.active.size >= worker.concurrency
      if (isWell) {
        reopened.delete(worker)
        continue
      }
      const triedAt = reopened.get(worker)
      if (triedAt === undefined) {
        reopened.set(worker, now())
        log.error(
          `Queue ${worker.name} has not been looked at for ${Math.round((now() - since) / 1_000)} s: its connection is opened anew`,
        )
        worker.reopen().catch((error) => log.error(`Queue ${worker.name}`, { error }))
      } else if (now() - triedAt > TO_RECOVER) {
        giveUp(`queue ${worker.name} still stands, though its connection was opened anew`)
      }
    }
  }
  const timer = setInterval(look, INTERVAL)
  return {
    look,
    stop() {
      clearInterval(timer)
      connection.off("ready", ready)
      connection.off("close", lost)
    },
  }
}
