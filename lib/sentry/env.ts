import { z } from "zod"
import { defineEnv } from "../env.ts"

export const sentryEnv = defineEnv({
  SENTRY_DSN: z
    .string()
    .regex(/^https?:\/\/[^\s/@]+@[^\s/@]+(?:\/[^\s/]+)*\/\d+$/, {
      error: "of the form https://key@host/project",
    })
    .optional()
    .describe("Sentry: where errors are reported; nowhere but in the log when not set"),
  SENTRY_ENVIRONMENT: z
    .string()
    .optional()
    .describe("Sentry: the name of the environment; `NODE_ENV` when not set"),
  SENTRY_RELEASE: z
    .string()
    .optional()
    .describe("Sentry: the name of the release; the commit on Railway, else the package's version"),
  RAILWAY_GIT_COMMIT_SHA: z.string().optional().describe("Sentry: the commit, which Railway sets itself"),
})
