import { isDatabaseAway } from "../../db/errors.ts"
import { OUTBOX_CHANNEL } from "../../db/outbox.ts"
import { RedisUnavailable } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { createLog } from "../../lib/log.ts"
import { isRedisAway } from "../../lib/redis/errors.ts"
import { reportError } from "../../lib/sentry/report.ts"
import { keepRounds, OUTAGE, type Rest } from "../rounds.ts"
import { listenTo } from "./listen.ts"
import { relayBatch } from "./relay.ts"

/** Milliseconds after which the outbox is looked at though nothing was heard of it. */
const LOOK_AGAIN = 15_000

/** Bring what comes into the outbox into its queue, until stopped: any number of workers may. */
export function keepOutbox(
  jobs?: readonly JobDefinition[],
  /** What else is heard on the same connection, by its channel. */
  heard: Record<string, () => void> = {},
) {
  const log = createLog("Outbox")
  let isAway = false
  let checkAt = 0

  const listener = listenTo({ ...heard, [OUTBOX_CHANNEL]: () => rounds.wake() })

  const round = async (): Promise<Rest> => {
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
  const rounds = keepRounds(round)
  return {
    /** Resolves when nothing is under way, or within seconds: what was not committed then is relayed by another. */
    async stop() {
      await rounds.stop()
      await listener.stop()
    },
  }
}

const isOutage = (error: unknown) =>
  error instanceof RedisUnavailable || isRedisAway(error) || isDatabaseAway(error)
