import { z } from "zod"
import { defineEnv, needed } from "../env.ts"
import { mayBePrivate } from "../outward/env.ts"

const callbackEnv = defineEnv({
  CALLBACK_SECRET: z
    .string()
    .refine((secret) => isSecret(secret), { error: "whsec_ and 24 to 64 bytes as base64" })
    .optional()
    .describe(
      "callbacks: what they are signed with and receivers check them by, `whsec_` and 24 to 64 bytes as base64; without it a `callbackUrl` is refused",
    ),
})

/** What callbacks are signed with. Throws the sentence to show when there is nothing. */
export const callbackSecret = () => needed("CALLBACK_SECRET", callbackEnv().CALLBACK_SECRET)

/** Whether there is something to sign callbacks with. */
export const canSign = () => callbackEnv().CALLBACK_SECRET !== undefined

function isSecret(secret: string) {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  const { length } = Buffer.from(base64 ?? "", "base64")
  return length >= 24 && length <= 64
}

/** For the check at boot: what is set has to be right. */
export function checkCallbacks() {
  callbackEnv()
  mayBePrivate()
}
