import { PermanentError } from "../lib/errors.ts"

/**
 * A link whole: a path leads into the application.
 * Throws PermanentError for a path when it is not known where the application is.
 */
export function linkTo<Url extends string | undefined>(url: Url, appUrl: string | undefined): Url | string {
  if (!url?.startsWith("/")) return url
  if (appUrl) return `${appUrl.replace(/\/+$/, "")}${url}`
  throw new PermanentError(
    "The mail links into the application, and APP_URL is not set: set it, or send whole links",
  )
}
