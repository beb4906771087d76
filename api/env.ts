import { z } from "zod"
import { webhookSecret } from "../lib/callbacks/secret.ts"
import { count, defineEnv } from "../lib/env.ts"

export const apiEnv = defineEnv({
  ADMIN_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, {
      error: "at least 16 letters, digits and signs, without spaces or accents",
    })
    .describe("the key of the first caller, who may do everything: a long random text"),
  QUEUE_DEPTH_LIMIT: count
    .default(100_000)
    .describe("API: runs that may wait in a queue, delayed ones included, until more are answered 429"),
  RATE_LIMIT_ADMIN: count.default(100).describe("API: requests a minute of a key to `/api/admin` routes"),
  RATE_LIMIT_CONSOLE: count.default(600).describe("API: requests a minute of somebody who has logged in"),
  RATE_LIMIT_ENQUEUE: count
    .default(6_000)
    .describe("API: requests a minute of a key to all other routes, which ask for runs and after them"),
  RESEND_WEBHOOK_SECRET: webhookSecret
    .optional()
    .describe(
      "API: what Resend signs its webhooks with, `whsec_…`; without it nothing is heard of what became of mails",
    ),
  SESSION_HOURS: count
    .max(720)
    .default(12)
    .describe("API: hours that a session lasts without use; 30 days after its login it ends in any case"),
  TRUSTED_PROXY: z
    .union([count.max(10), z.string().regex(/^[a-z][a-z0-9-]*$/i)], {
      error: "the name of a header, or how many proxies there are in a row",
    })
    .optional()
    .describe(
      "API: where to read the caller's address behind a proxy: a header that it sets, such as `x-real-ip`, or how many proxies in a row add to X-Forwarded-For; when not set, the connection tells",
    ),
})
