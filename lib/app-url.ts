import { z } from "zod"
import { defineEnv, needed } from "./env.ts"

const address = z.url({ protocol: /^https?$/ }).optional()

/** Where people reach the application and the API; missing where nothing leads there. */
export const appEnv = defineEnv({
  APP_URL: address.describe("where the links of mails lead: the application"),
  API_URL: address.describe(
    "where the API is reached, for links to files in a folder; `APP_URL` when not set",
  ),
})

/** The address that links to the API start with, without a slash at its end. */
export function apiUrl(): string {
  const { API_URL, APP_URL } = appEnv()
  return needed("API_URL", API_URL ?? APP_URL).replace(/\/+$/, "")
}
