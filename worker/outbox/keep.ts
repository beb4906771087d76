import { isDatabaseAway } from "../../db/errors.ts"
import { OUTBOX_CHANNEL } from "../../db/outbox.ts"
import { RedisUnavailable } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { createLog } from "../../lib/log.ts"
import { isRedisAway } from "../../lib/redis/errors.ts"
import { reportError } from "../../lib/sentry/report.ts"
import { pause } from "../pause.ts"
import { listenTo } from "./listen.ts"
import { relayBatch } from "./relay.ts"

/** Milliseconds after which the outbox is looked at though nothing was heard of it. */
const LOOK_AGAIN = 15_000

/** Milliseconds until it is tried again, while Redis or PostgreSQL is away. */
const OUTAGE = 1_000

/** Milliseconds that what is under way has to end when the worker stops. */
const TO_STOP = 5_000

/** Bring what comes into the outbox into its queue, until stopped: any number of workers may. */
export function keepOutbox(
  jobs?: readonly JobDefinition[],
  /** What else is heard on the same connection, by its channel. */
  heard: Record<string, () => void> = {},
) {
  const log = createLog("Outbox")
  const stopping = new AbortController()
  let sleeping = new AbortController()
  let isAwake = false
  let isAway = false
  let checkAt = 0

  const wake = () => {
    isAwake = true
    sleeping.abort()
  }
  const listener = listenTo({ ...heard, [OUTBOX_CHANNEL]: wake })

  /** Milliseconds until there is something to do. */
  const round = async (): Promise<number> => {
    try {
      if (performance.now() >= checkAt) {
        await listener.check()
        checkAt = performance.now() + LOOK_AGAIN
      }
      const relayed = await relayBatch(jobs)
      if (isAway) log.info("Runs are relayed again")
      isAway = false
      return relayed > 0 ? 0 : LOOK_AGAIN
    } catch (error) {
      if (!isOutage(error)) {
        log.error("Runs cannot be relayed", { error })
        reportError(error as Error, () => ({ tags: { part: "outbox" } }))
      } else if (!isAway) log.warn("Runs wait in the outbox", { reason: (error as Error).message })
      isAway = true
      return OUTAGE
    }
  }
  const keep = async () => {
    while (!stopping.signal.aborted) {
      sleeping = new AbortController()
      isAwake = false
      const rest = await round()
      if (rest > 0 && !isAwake) await pause(rest, AbortSignal.any([sleeping.signal, stopping.signal]))
      // Woken by what will not go yet, it would try without a rest.
      else if (rest === OUTAGE) await pause(rest, stopping.signal)
    }
  }
  const kept = keep()
  return {
    /** Resolves when nothing is under way, or within seconds: what was not committed then is relayed by another. */
    async stop() {
      stopping.abort()
      await Promise.race([kept, pause(TO_STOP)])
      await listener.stop()
    },
  }
}

const isOutage = (error: unknown) =>
  error instanceof RedisUnavailable || isRedisAway(error) || isDatabaseAway(error)
