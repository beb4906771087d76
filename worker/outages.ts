import { isDatabaseAway } from "../db/errors.ts"
import { RedisUnavailable, RetryLater } from "../lib/errors.ts"
import { createLog } from "../lib/log.ts"
import { isRedisAway } from "../lib/redis/errors.ts"
import { reportError } from "../lib/sentry/report.ts"
import { OUTAGE } from "./rounds.ts"

/** What is said of rounds that cannot go on. */
interface Words {
  part: string
  /** When Redis or PostgreSQL is away. */
  waits: string
  goesOn: string
  /** When something else is wrong. */
  fails: string
}

/** Tells of what keeps rounds from going on: of an outage once, until it is over; of anything else each time, and to Sentry. */
export function tellOutages({ part, waits, goesOn, fails }: Words) {
  const log = createLog(part)
  let isOn = false
  const wait = (reason: string) => {
    if (!isOn) log.warn(waits, { reason })
    isOn = true
  }
  return {
    /** There is something that all wait for. */
    wait,
    /** A round has failed, and so is to be tried again before long. */
    note(error: unknown): typeof OUTAGE {
      if (isOutage(error)) wait((error as Error).message)
      else {
        log.error(fails, { error })
        reportError(error as Error, () => ({ tags: { part: part.toLowerCase() } }))
        isOn = true
      }
      return OUTAGE
    },
    /** A round has gone well. */
    over() {
      if (isOn) log.info(goesOn)
      isOn = false
    },
  }
}

/** Whether it is Redis or PostgreSQL that is away, or what stands for that. */
export const isOutage = (error: unknown): boolean =>
  error instanceof RedisUnavailable ||
  error instanceof RetryLater ||
  isRedisAway(error) ||
  isDatabaseAway(error)
