import { nextDue, noteFailure } from "../../db/bulk-progress.ts"
import { isDatabaseAway } from "../../db/errors.ts"
import { RedisUnavailable } from "../../lib/errors.ts"
import { createLog } from "../../lib/log.ts"
import { isRedisAway } from "../../lib/redis/errors.ts"
import { reportError } from "../../lib/sentry/report.ts"
import { keepRounds, OUTAGE, type Rest } from "../rounds.ts"
import { type Place, StepFailed, takeStep } from "./step.ts"

/** Milliseconds after which a worker looks for operations though it has heard of none. */
const LOOK_AGAIN = 15_000

/** Milliseconds between two looks at an operation that another worker is at. */
const HELD = 200

/** How often an operation may fail, and milliseconds until it is tried again. */
const FAILURE = { most: 5, rest: 5_000 }

/** Go on with bulk operations, until stopped: at once when woken, and by itself before long. */
export function keepBulk(place: Place) {
  const log = createLog("Bulk")
  let isAway = false

  const round = async (): Promise<Rest> => {
    try {
      const operation = await takeStep(place)
      if (isAway) log.info("Bulk operations go on")
      isAway = false
      if (operation) return 0
      const due = (await nextDue()) ?? LOOK_AGAIN
      return due > 0 ? Math.min(LOOK_AGAIN, Math.ceil(due)) : HELD
    } catch (error) {
      if (isOutage(error)) {
        if (!isAway) log.warn("Bulk operations wait", { reason: (error as Error).message })
        isAway = true
      } else await note(error)
      return OUTAGE
    }
  }
  const note = async (error: unknown) => {
    log.error("A bulk operation cannot go on", { error })
    reportError(error as Error, () => ({ tags: { part: "bulk" } }))
    if (error instanceof StepFailed)
      await noteFailure(error.operation.id, (error.cause as Error).message, FAILURE).catch((cause) =>
        log.error("It could not be noted", { error: cause }),
      )
  }
  const rounds = keepRounds(round)
  return {
    wake: rounds.wake,
    /** Resolves when no step is under way, or within seconds: what PostgreSQL has not committed then is done again by another. */
    stop: () => rounds.stop(),
  }
}

function isOutage(thrown: unknown): boolean {
  const error = thrown instanceof StepFailed ? thrown.cause : thrown
  return error instanceof RedisUnavailable || isRedisAway(error) || isDatabaseAway(error)
}
