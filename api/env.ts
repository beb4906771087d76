import { z } from "zod"
import { defineEnv } from "../lib/env.ts"

export const apiEnv = defineEnv({
  ADMIN_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, {
      error: "at least 16 letters, digits and signs, without spaces or accents",
    })
    .describe("the key of the first caller, who may do everything: a long random text"),
})
