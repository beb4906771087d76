import { z } from "zod"
import { defineEnv } from "../lib/env.ts"

export const apiEnv = defineEnv({
  ADMIN_API_KEY: z
    .string()
    .min(16, { error: "at least 16 characters" })
    .describe("the key of the first caller, who may do everything: a long random text"),
})
