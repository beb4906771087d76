import { z } from "zod"
import { faultOf } from "./check-url.ts"

/** Where a caller is told what became of a run; what its host's name leads to is looked at when it is used. */
export const callbackUrl = z
  .url({ protocol: /^https?$/, error: "a whole URL, https://…" })
  .max(2_000)
  .superRefine((text, context) => {
    if (!URL.canParse(text)) return
    const url = new URL(text)
    const fault = url.username || url.password ? "a URL without a user and a password in it" : faultOf(url)
    if (fault) context.addIssue(fault)
  })
  .describe("where a signed POST tells what became of the run, on completion and on final failure")

/** Where the options of a run in Redis say that its end is to be told, or null. */
export function callbackOf(options: unknown): string | null {
  const { callbackUrl } = (options ?? {}) as { callbackUrl?: unknown }
  return typeof callbackUrl === "string" ? callbackUrl : null
}
