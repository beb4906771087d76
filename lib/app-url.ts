import { z } from "zod"
import { defineEnv, needed } from "./env.ts"

/** Where people reach the application; missing where nothing leads there. */
export const appEnv = defineEnv({
  APP_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("where links lead: those of mails to the application, those of files in a folder to the API"),
})

/** The address that links start with, without a slash at its end. */
export const appUrl = (): string => needed("APP_URL", appEnv().APP_URL).replace(/\/+$/, "")
