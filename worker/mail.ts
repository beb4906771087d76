import { Resend } from "resend"
import { z } from "zod"
import { defineEnv } from "../lib/env.ts"
import { ConfigurationError, PermanentError, RetryLater } from "../lib/errors.ts"
import { mailbox } from "../lib/mailbox.ts"

const mailEnv = defineEnv({
  RESEND_API_KEY: z.string().describe("mail: the key of the Resend account"),
  FROM_EMAIL: mailbox.describe(
    "mail: the sender, `Name <address>`; the name stands at the top of every mail",
  ),
  RESEND_BASE_URL: z
    .url()
    .default("https://api.resend.com")
    .describe("mail: another place that speaks Resend's routes"),
  APP_URL: z.url().optional().describe("mail: the application that links lead to"),
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
  sender()
}

/** Who mail comes from: the sender line, the name in it, and the application its links lead to. */
export function sender() {
  const { FROM_EMAIL, APP_URL } = mailEnv()
  const name = /^(.+?)\s*</.exec(FROM_EMAIL)?.[1]?.replace(/^"(.*)"$/, "$1")
  return { from: FROM_EMAIL, brand: name ?? FROM_EMAIL.split("@")[1]!, appUrl: APP_URL }
}

let client: { resend: Resend; key: string; baseUrl: string } | undefined

/**
 * Hand a mail to Resend. The same `idempotencyKey` never sends twice within its 24 hours.
 * Returns Resend's id of the mail; null when an earlier attempt had sent it with other words.
 * Throws RetryLater (429), PermanentError (refused for good), or an error to be tried again.
 */
export async function deliver(
  mail: Mail,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { data, error, headers } = await resend().emails.send(mail, { idempotencyKey, signal })
  signal.throwIfAborted()
  if (data) return data.id

  // The key is only kept for a mail that was taken: an earlier attempt sent it, before its template changed.
  if (error.name === "invalid_idempotent_request") return null
  const message = `Resend: ${error.name}: ${error.message}`
  if (error.statusCode === 429) throw new RetryLater(waitAfter(error.name, headers), message)
  if (error.name === "concurrent_idempotent_requests") throw new RetryLater(1_000, message)
  if (isForGood(error.statusCode)) throw new PermanentError(message)
  throw new Error(message)
}

const isForGood = (status: number | null) =>
  status !== null && status >= 400 && status < 500 && status !== 408

/** Milliseconds to wait: what Resend says, else an hour for a quota of the day or the month, and a second for a rate. */
function waitAfter(name: string, headers: Record<string, string> | null) {
  const seconds = Number(headers?.["retry-after"])
  if (seconds > 0) return Math.ceil(seconds * 1_000)
  return name.endsWith("_quota_exceeded") ? 3_600_000 : 1_000
}

function resend() {
  const { RESEND_API_KEY: key, RESEND_BASE_URL: baseUrl } = mailEnv()
  if (client?.key !== key || client.baseUrl !== baseUrl)
    client = { resend: new Resend(key, { baseUrl }), key, baseUrl }
  return client.resend
}
