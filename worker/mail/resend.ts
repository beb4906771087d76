import { Resend } from "resend"
import { z } from "zod"
import { count, defineEnv } from "../../lib/env.ts"
import { ConfigurationError } from "../../lib/errors.ts"

export const mailEnv = defineEnv({
  RESEND_API_KEY: z.string().describe("mail: the key of the Resend account"),
  RESEND_BASE_URL: z
    .url()
    .default("https://api.resend.com")
    .describe("mail: another place that speaks Resend's routes"),
  RESEND_REQUESTS_PER_SECOND: count
    .default(2)
    .describe("mail: requests to Resend a second, of all workers together: what the account may ask"),
})

const refusedEnv = defineEnv({
  SENDGRID_API_KEY: z
    .string()
    .optional()
    .describe("not used: mail goes through Resend, and a key set here stops the boot"),
})

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

/** Resend's client, for the account that the environment names. */
export function resend(): Resend {
  const { RESEND_API_KEY: key, RESEND_BASE_URL: baseUrl } = mailEnv()
  if (client?.key !== key || client.baseUrl !== baseUrl)
    client = { resend: new Resend(key, { baseUrl }), key, baseUrl }
  return client.resend
}
