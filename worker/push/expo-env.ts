import { z } from "zod"
import { count, defineEnv } from "../../lib/env.ts"

export const expoEnv = defineEnv({
  EXPO_ACCESS_TOKEN: z
    .string()
    .optional()
    .describe("Expo: the access token, where the project asks for one (enhanced push security)"),
  EXPO_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://exp.host")
    .describe("Expo: another place that speaks the routes of its push service"),
  EXPO_PUSHES_PER_SECOND: count
    .default(600)
    .describe("Expo: pushes a second, of all workers together: what a project may send"),
})
