import { createHmac } from "node:crypto"
import { z } from "zod"
import { defineEnv, needed } from "./env.ts"
import { secretMatcher } from "./secret.ts"

const signatureEnv = defineEnv({
  SESSION_SECRET: z
    .string()
    .min(32, { error: "at least 32 characters" })
    .optional()
    .describe(
      "what links to files in a folder, and the sessions of Express applications, are signed with: a long random text",
    ),
})

/** What this installation signs with. Throws the sentence to show when there is nothing. */
export const signingSecret = (): string => needed("SESSION_SECRET", signatureEnv().SESSION_SECRET)

/** The signature of a text for one purpose, and no other: 43 characters of base64url. */
export const sign = (purpose: string, text: string): string =>
  createHmac("sha256", signingSecret()).update(`${purpose}\n${text}`).digest("base64url")

/** Whether this is the text's signature for the purpose; where there is nothing to sign with, nothing has been signed. */
export function isSigned(purpose: string, text: string, signature: string): boolean {
  if (signatureEnv().SESSION_SECRET === undefined) return false
  return secretMatcher(sign(purpose, text))(signature)
}
