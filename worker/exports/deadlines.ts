import { takeDue } from "../../db/exports/expiry.ts"
import { sidePool } from "../../db/pool.ts"
import { createLog } from "../../lib/log.ts"
import { reportError } from "../../lib/sentry/report.ts"
import { keepDoing } from "../keep-doing.ts"

/** Days before its deadline at which a request that is not answered is told of. */
const WARN_DAYS = 3

const HOUR = 3_600_000

const what = {
  source: "Exports",
  waits: "The deadlines of people's requests wait to be looked at",
  done: "The deadlines of people's requests have been looked at",
}

/** A request of a person that has not been answered in time, or soon will not have been. */
class RequestDue extends Error {
  override name = "RequestDue"
}

/**
 * Raise the alarm for requests of people that are about to pass their deadline, at once and every hour until stopped: in every
 * worker, whatever its queues, since a queue that is paused or that nobody works on is why a request may be late.
 */
export const keepDeadlines = (every = HOUR) => keepDoing(tellOfDue, what, every)

/** They are noted as told only once they are. */
const tellOfDue = () =>
  sidePool().begin(async (tx) => {
    for (const { id, runId, status, deadlineAt, overdue } of await takeDue(WARN_DAYS, tx)) {
      const error = new RequestDue(
        `Request ${id} for what is kept of a person (run ${runId}, ${status}) ${overdue ? "was" : "is"} to be answered by ${deadlineAt.toISOString()}: look at its run, and have it run again`,
      )
      createLog("Exports").error(error.message, { exportId: id, runId })
      reportError(error, () => ({ level: overdue ? "error" : "warning" }))
    }
  })
