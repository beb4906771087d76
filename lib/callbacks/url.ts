import { outwardUrl } from "../outward/url.ts"

/** Where a caller is told what became of a run; as all write it who mean the same place, since its host is read from it in SQL. */
export const callbackUrl = outwardUrl
  .overwrite((text) => (URL.canParse(text) ? new URL(text).href : text))
  .describe("where a signed POST tells what became of the run, on completion and on final failure")

/** Where the options of a run in Redis say that its end is to be told, or null. */
export function callbackOf(options: unknown): string | null {
  const { callbackUrl } = (options ?? {}) as { callbackUrl?: unknown }
  return typeof callbackUrl === "string" ? callbackUrl : null
}
