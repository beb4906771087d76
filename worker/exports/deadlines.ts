import { takeDue } from "../../db/exports/expiry.ts"
import { sidePool } from "../../db/pool.ts"
import { createLog } from "../../lib/log.ts"
import { reportError } from "../../lib/sentry/report.ts"
import { insist } from "../insist.ts"
import { pause } from "../pause.ts"

/** Days before its deadline at which a request that is not answered is told of. */
const WARN_DAYS = 3

const HOUR = 3_600_000

/** Milliseconds that telling of them may take at the end; what has not been told then is told by another worker, or later. */
const TO_STOP = 2_000

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
export function keepDeadlines(every = HOUR) {
  const stopping = new AbortController()
  const { signal } = stopping
  const keep = async () => {
    do await insist(tellOfDue, what, signal)
    while (await pause(every, signal))
  }
  const kept = keep()
  return {
    async stop() {
      stopping.abort()
      await Promise.race([kept, pause(TO_STOP)])
    },
  }
}

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
