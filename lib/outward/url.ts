import { z } from "zod"
import { faultOf } from "./check-url.ts"

/** A URL that a caller gives to be written to; what its host's name leads to is looked at when it is used. */
export const outwardUrl = z
  .url({ protocol: /^https?$/, error: "a whole URL, https://…" })
  .max(2_000, { error: "2,000 characters at most" })
  .superRefine((text, context) => {
    if (!URL.canParse(text)) return
    const url = new URL(text)
    const fault = url.username || url.password ? "a URL without a user and a password in it" : faultOf(url)
    if (fault) context.addIssue(fault)
  })

/** A URL as it is written by all who mean the same place. */
export const normalUrl = (url: string) => new URL(url).href.replace(/\/+$/, "")
