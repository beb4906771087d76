import { takeDue } from "../../db/exports/expiry.ts"
import { createLog } from "../../lib/log.ts"
import { reportError } from "../../lib/sentry/report.ts"
import type { Run } from "../run.ts"
import { expireExports } from "./expire.ts"

/** Days before its deadline at which a request that is not answered is told of. */
const WARN_DAYS = 3

/** A request of a person that has not been answered in time, or soon will not have been. */
class RequestDue extends Error {
  override name = "RequestDue"
}

/** Delete the files that have expired, and raise the alarm for requests of people that are about to pass their deadline. */
export async function careForExports(run: Run) {
  const expired = await expireExports(run.signal)
  const due = await takeDue(WARN_DAYS)
  for (const { id, runId, status, deadlineAt, overdue } of due) {
    const error = new RequestDue(
      `Request ${id} for what is kept of a person (run ${runId}, ${status}) ${overdue ? "was" : "is"} to be answered by ${deadlineAt.toISOString()}: look at its run, and have it run again`,
    )
    createLog("ExportProcessor").error(error.message, { exportId: id, runId })
    reportError(error, () => ({ level: overdue ? "error" : "warning" }))
  }
  run.log("Looked after exports", { expired, due: due.length })
  return { expired, due: due.length }
}
