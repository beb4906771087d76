import { Resend } from "resend"
import { z } from "zod"
import { defineEnv } from "../lib/env.ts"
import { ConfigurationError, PermanentError, RetryLater } from "../lib/errors.ts"
import { createLog } from "../lib/log.ts"

const mailEnv = defineEnv({
  RESEND_API_KEY: z.string().describe("mail: the key of the Resend account"),
  RESEND_BASE_URL: z
    .url()
    .default("https://api.resend.com")
    .describe("mail: another place that speaks Resend's routes"),
})

const refusedEnv = defineEnv({
  SENDGRID_API_KEY: z
    .string()
    .optional()
    .describe("not used: mail goes through Resend, and a key set here stops the boot"),
})

export interface Mail {
  to: string
  from: string
  subject: string
  html: string
  text: string
}

/** Throws the sentence to show when mail cannot be sent from this environment. */
export function checkMail() {
  if (refusedEnv().SENDGRID_API_KEY) {
    throw new ConfigurationError(
      "SENDGRID_API_KEY is set, and mail goes through Resend: set RESEND_API_KEY instead",
    )
  }
  mailEnv()
}

let client: { resend: Resend; key: string; baseUrl: string } | undefined

/** Milliseconds that Resend has to answer. */
const PATIENCE = 30_000

/** Milliseconds until a mail is tried again that Resend refused for what is wrong with the account. */
const ACCOUNT_WAIT = 60_000

const accepted = z.object({ id: z.string().min(1) })

/** What Resend says when it does not take a mail; a gateway in front of it may say less. */
const refusal = z
  .object({
    name: z.string().catch("unknown"),
    message: z.string().catch("no reason given"),
    statusCode: z.number().nullable().catch(null),
  })
  .catch({ name: "unknown", message: "an answer that is none of Resend's", statusCode: null })

/**
 * Hand a mail to Resend. The same `idempotencyKey` never sends twice within its 24 hours.
 * Returns Resend's id of the mail; null when an earlier attempt had sent it with other words.
 * Throws RetryLater (429, or the account is not in order), PermanentError (refused for good), or an error to be tried again.
 * The errors are those of https://resend.com/docs/api-reference/errors
 */
export async function deliver(
  mail: Mail,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<string | null> {
  const patient = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
  const { data, error, headers } = await resend().emails.send(mail, { idempotencyKey, signal: patient })
  const sent = accepted.safeParse(data)
  if (sent.success) return sent.data.id
  signal.throwIfAborted()

  const { name, message, statusCode } = refusal.parse(error)
  // The key is only kept for a mail that was taken: an earlier attempt sent it, before its template changed.
  if (name === "invalid_idempotent_request") return null
  throw failure(`Resend: ${name}: ${message}`, name, statusCode, headers)
}

function failure(
  message: string,
  name: string,
  status: number | null,
  headers: Record<string, string> | null,
) {
  const seconds = Number(headers?.["retry-after"])
  if (seconds > 0) return new RetryLater(Math.ceil(seconds * 1_000), message)
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

function resend() {
  const { RESEND_API_KEY: key, RESEND_BASE_URL: baseUrl } = mailEnv()
  if (client?.key !== key || client.baseUrl !== baseUrl)
    client = { resend: new Resend(key, { baseUrl }), key, baseUrl }
  return client.resend
}
