import { v7 as uuidv7 } from "uuid"
import { asRow, type RecordedRun } from "../db/runs.ts"
import { jobs } from "../lib/jobs/index.ts"

const ERRORS = [
  "Resend answered 503: try again later",
  "fetch failed: connect ECONNREFUSED 10.0.0.7:443",
  "Nota Paraná does not answer within 20000 ms",
  "Bad payload for email: to: an e-mail address, such as ana@example.com",
]

const SECOND = 1_000

/** Runs of a ledger, one a second up to now: of a hundred, four have failed, and one was cancelled. */
function drawRun(place: number, count: number): RecordedRun {
  const finishedAt = Date.now() - (count - place) * SECOND
  const hundredth = place % 100
  const status = hundredth < 4 ? "failed" : hundredth === 4 ? "cancelled" : "completed"
  return {
    id: uuidv7({ msecs: finishedAt }),
    queue: jobs[place % jobs.length]!.name,
    name: place % 1_000 === 0 ? "by-hand" : "send-email",
    status,
    priority: 5,
    payload: {
      userId: place % 10_007,
      template: "welcome",
      locale: place % 2 ? "en" : "pt-BR",
      to: ["[redacted]"],
      data: "[redacted]",
      inner: { contractId: place, forceUpdate: place % 3 === 0 },
    },
    result: status === "completed" ? { sent: 1, suppressed: 0, messageId: `message-${place}` } : null,
    error:
      status === "completed"
        ? null
        : status === "cancelled"
          ? "Cancelled by ana"
          : `${ERRORS[((place / 100) % ERRORS.length) | 0]} (${place})`,
    attempts: 1,
    askedAt: finishedAt - 20,
    startedAt: finishedAt - 10,
    finishedAt,
  }
}

/** The same as `recordRuns` takes them, so many from a place on. */
export const drawRows = (from: number, many: number, count: number) =>
  Array.from({ length: Math.min(many, count - from) }, (_, index) => asRow(drawRun(from + index, count)))
