import { z } from "zod"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import { createLog } from "../../lib/log.ts"
import { retryAfterOf } from "../../lib/retry-after.ts"

/** Milliseconds until a mail is tried again that Resend refused for what is wrong with the account. */
const ACCOUNT_WAIT = 60_000

const said = z
  .object({
    name: z.string().catch("unknown"),
    message: z.string().catch("no reason given"),
    statusCode: z.number().nullable().catch(null),
  })
  .catch({ name: "unknown", message: "an answer that is none of Resend's", statusCode: null })

/** What Resend says when it does not take a mail; a gateway in front of it may say less. */
export interface Refusal {
  name: string
  message: string
  status: number | null
  headers: Record<string, string> | null
}

export function refusalOf(error: unknown, headers: Record<string, string> | null): Refusal {
  const { name, message, statusCode: status } = said.parse(error)
  return { name, message: `Resend: ${name}: ${message}`, status, headers }
}

/** Whether the mails are certainly not taken: an answer of another kind, or none, leaves that open. */
export const isNotTaken = ({ status }: Refusal) =>
  status !== null && status >= 400 && status < 500 && status !== 408 && status !== 409

/** Whether it is this recipient that is refused, and another's mail may be taken. */
export const isOfRecipient = ({ status, message }: Refusal) => status === 422 && message.includes("`to`")

/**
 * What a refusal means: RetryLater (429, or the account is not in order), PermanentError, or an error to be tried again.
 * Those of https://resend.com/docs/api-reference/errors
 */
export function failureOf({ name, message, status, headers }: Refusal): Error {
  const asked = retryAfterOf(headers?.["retry-after"])
  if (asked > 0) return new RetryLater(Math.ceil(asked), message)
  if (name.endsWith("_quota_exceeded")) return new RetryLater(3_600_000, message)
  if (status === 429 || name === "concurrent_idempotent_requests") return new RetryLater(1_000, message)
  if (status === 401 || status === 403) {
    createLog("Mail").error("Resend refuses the account: check RESEND_API_KEY and the sender's domain", {
      reason: message,
    })
    return new RetryLater(ACCOUNT_WAIT, message)
  }
  const isForGood = status !== null && status >= 400 && status < 500 && status !== 408
  return isForGood ? new PermanentError(message) : new Error(message)
}
