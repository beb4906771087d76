import {
  ConfigurationError,
  EnqueueUnconfirmed,
  PayloadError,
  PayloadTooLarge,
  RedisUnavailable,
  UnknownQueue,
} from "../lib/errors.ts"
import { createLog } from "../lib/log.ts"
import { UnknownSchedule } from "../lib/schedules/unknown.ts"
import { reportError } from "../lib/sentry/report.ts"

/** An answer other than success, with the sentence for the caller. */
export class HttpError extends Error {
  override name = "HttpError"
  readonly status: number
  readonly headers: Record<string, string>

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

interface Answer {
  status: number
  body: { error: string; [key: string]: unknown }
  headers?: Record<string, string>
}

/** What was asked; `asked` with its path as it came, `route` as it is declared, which tells nothing of who asked for what. */
interface Asked {
  code: unknown
  asked: string
  route?: string | undefined
  requestId: string
}

const log = createLog("API")

/** The answer to an error, of which the log is told when the caller can do nothing. */
export function answerTo(error: unknown, { route, ...asking }: Asked): Answer {
  const answer = saidOf(error, asking)
  const { asked, requestId } = asking
  if (error instanceof RedisUnavailable) log.warn(error.message, { requestId, error: error.cause })
  if (answer.status === 500) {
    log.error(asked, { requestId, error })
    reportError(error, () => ({ tags: { request_id: requestId, ...(route ? { route } : {}) } }))
  }
  return answer
}

/** What a caller is told of an error: all of it when the caller can do something, else no more than the request's id. */
export function saidOf(error: unknown, { code, asked, requestId }: Omit<Asked, "route">): Answer {
  if (error instanceof HttpError)
    return { status: error.status, body: { error: error.message }, headers: error.headers }
  if (error instanceof PayloadError)
    return { status: 400, body: { error: error.message, details: error.problems } }
  if (error instanceof PayloadTooLarge) return { status: 413, body: { error: error.message } }
  if (error instanceof UnknownQueue) return unknownQueue(error, asked)
  if (error instanceof UnknownSchedule) return { status: 404, body: { error: error.message } }
  if (error instanceof RedisUnavailable) return unavailable(error)
  if (error instanceof ConfigurationError)
    return { status: 503, body: { error: `Not configured: ${error.complaints.join("; ")}` } }
  if (code === "NOT_FOUND") return { status: 404, body: { error: `No route ${asked.slice(0, 200)}` } }
  return {
    status: 500,
    body: {
      error: "Internal server error",
      message: "Something went wrong here; it has been logged.",
      requestId,
    },
  }
}

/** The specification of these routes has words of its own for it. */
const unknownQueue = (error: UnknownQueue, asked: string): Answer =>
  /^\w+ \/api\/admin\/jobs\//.test(asked)
    ? { status: 400, body: { error: "Invalid queue name" } }
    : { status: 404, body: { error: error.message } }

function unavailable(error: RedisUnavailable): Answer {
  const run = error instanceof EnqueueUnconfirmed ? { jobId: error.runId } : {}
  return { status: 503, body: { error: error.message, ...run }, headers: { "retry-after": "5" } }
}
