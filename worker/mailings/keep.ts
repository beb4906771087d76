import { isDatabaseAway } from "../../db/errors.ts"
import { RedisUnavailable } from "../../lib/errors.ts"
import { createLog } from "../../lib/log.ts"
import { isRedisAway } from "../../lib/redis/errors.ts"
import { reportError } from "../../lib/sentry/report.ts"
import { keepRounds, OUTAGE, type Rest } from "../rounds.ts"
import { LOOK_AGAIN, planMailings } from "./plan.ts"

/** Ask for the chunks of mailings, each when it is due, until stopped: any number of workers may. */
export function keepMailings() {
  const log = createLog("Mailings")
  let isAway = false

  const round = async (): Promise<Rest> => {
    try {
      const rest = await planMailings()
      if (isAway) log.info("Mailings go on")
      isAway = false
      return Math.min(LOOK_AGAIN, Math.ceil(rest))
    } catch (error) {
      if (!isOutage(error)) {
        log.error("Mailings cannot go on", { error })
        reportError(error as Error, () => ({ tags: { part: "mailings" } }))
      } else if (!isAway) log.warn("Mailings wait", { reason: (error as Error).message })
      isAway = true
      return OUTAGE
    }
  }
  const rounds = keepRounds(round)
  return {
    /** There may be something new to do. */
    wake: rounds.wake,
    /** Resolves when nothing is under way, or within seconds: what was not committed then is asked for by another. */
    stop: () => rounds.stop(),
  }
}

const isOutage = (error: unknown) =>
  error instanceof RedisUnavailable || isRedisAway(error) || isDatabaseAway(error)
