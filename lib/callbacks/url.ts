import { z } from "zod"

/** Where a caller is told what became of a run; what stands at the address is looked at when it is used. */
export const callbackUrl = z
  .url({ protocol: /^https?$/, error: "a whole URL, https://…" })
  .max(2_000)
  .refine((url) => !URL.canParse(url) || isPlain(new URL(url)), {
    error: "a URL without a user and a password in it",
  })
  .describe("where a signed POST tells what became of the run, on completion and on final failure")

const isPlain = ({ username, password }: URL) => username === "" && password === ""
