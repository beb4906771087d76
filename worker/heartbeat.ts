import { hostname } from "node:os"
import { setTimeout as wait } from "node:timers/promises"
import { HEARTBEAT, sayAlive, sayGone } from "../lib/living-workers.ts"
import { createLog } from "../lib/log.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import { isRedisAway } from "../lib/redis/errors.ts"
import type { QueueWorker } from "./queue-worker.ts"
import type { Troubles } from "./troubles.ts"

/** Milliseconds from a connection, after which workers have begun to look for runs. */
const TO_BEGIN = 1_000

/** Milliseconds that Redis has to hear that this process goes. */
const TO_GO = 500

interface Alive {
  connection: RedisClient
  workers: readonly QueueWorker[]
  troubles: Troubles
}

/** Say every minute which queues this process takes runs from, for whoever looks after them. Keeps no process alive. */
export function keepSayingAlive({ connection, workers, troubles }: Alive, every = HEARTBEAT) {
  const log = createLog("Worker")
  const id = crypto.randomUUID()
  const startedAt = Date.now()
  let hasSaid = false

  const say = () => {
    if (connection.status !== "ready") return
    const queues = workers.filter((worker) => isAtWork(worker, troubles)).map(({ name }) => name)
    sayAlive(connection, { id, host: hostname(), queues, startedAt }, !hasSaid).catch((error: Error) => {
      if (!isRedisAway(error)) log.warn("Could not say that this process lives", { reason: error.message })
    })
    hasSaid = true
  }
  let soon: ReturnType<typeof setTimeout> | undefined
  const saySoon = () => {
    clearTimeout(soon)
    soon = setTimeout(say, TO_BEGIN).unref()
  }
  const timer = setInterval(say, every).unref()
  connection.on("ready", saySoon)
  saySoon()
  return {
    /** Say so no more, and that the process goes, if Redis hears it in time. */
    async stop() {
      clearInterval(timer)
      clearTimeout(soon)
      connection.off("ready", saySoon)
      if (!hasSaid || connection.status !== "ready") return
      const late = new AbortController()
      const gone = sayGone(connection, id).catch(() => undefined)
      await Promise.race([gone, wait(TO_GO, undefined, { signal: late.signal }).catch(() => undefined)])
      late.abort()
    },
  }
}

const isAtWork = (worker: QueueWorker, troubles: Troubles) =>
  worker.isRunning() && !worker.closing && !troubles.of(worker.name)
